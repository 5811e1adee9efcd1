"""API routes of votes on anime."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
