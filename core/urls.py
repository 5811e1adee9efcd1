"""Addresses of the core: probes, metrics, stored pictures."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from core.health import views as health
from core.pages.stored import stored_file

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health, name="health"),
    path("health/detailed", health.health_detailed, name="health-detailed"),
    path("ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:name>", stored_file, name="stored-file"),
    path("", include("core.pages.urls")),
]
