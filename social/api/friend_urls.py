"""API routes of friends, follows and blocks."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
