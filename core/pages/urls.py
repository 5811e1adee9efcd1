"""Addresses of the core's pages."""

from django.urls import URLPattern, path

from core.pages.preferences import preference

urlpatterns: list[URLPattern] = [path("preferences/<slug:name>", preference, name="preference")]
