"""The flat table of the lists' API routes."""

from django.urls import path

from lists.api.views import progress

urlpatterns = [
    path("users/me/progress", progress.Progress.as_view(), name="api-progress"),
    path("users/me/progress/import", progress.ProgressImport.as_view(), name="api-progress-import"),
]
