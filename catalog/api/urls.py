"""The flat table of catalog API routes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
