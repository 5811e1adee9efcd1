"""API routes of posts of the community."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
