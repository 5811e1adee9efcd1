"""The flat table of the pages of downloads and the library."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
