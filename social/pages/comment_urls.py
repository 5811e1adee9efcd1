"""Pages of comments and their votes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
