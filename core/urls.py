"""Addresses of the core: probes, metrics, language and theme."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
