"""Uploads; the reference has them beside /api/v1."""

from django.urls import URLPattern, path

from lists.api.views import uploads

urlpatterns: list[URLPattern] = [path("list-cover", uploads.ListCover.as_view(), name="api-list-cover")]
