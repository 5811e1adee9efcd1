"""The pages of lists."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
