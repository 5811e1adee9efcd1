"""The flat table of the API routes of downloads and the library."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
