"""Pages of notifications and wishes for episodes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
