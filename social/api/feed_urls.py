"""API routes of the activity feed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
