"""Addresses of the core: probes and metrics."""

from django.urls import URLPattern, URLResolver, include, path

from core.health import views as health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health, name="health"),
    path("ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("core.pages.urls")),
]
