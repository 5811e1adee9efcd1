"""The flat table of accounts API routes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
