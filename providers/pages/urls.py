"""The pages of providers."""

from django.urls import URLPattern, path

from providers.pages.on_air import on_air

urlpatterns: list[URLPattern] = [path("on-air", on_air, name="on-air")]
