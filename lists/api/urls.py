"""The flat table of the lists' API routes, a file a noun."""

from django.urls import URLPattern, path

from lists.api.views import preferences, progress

urlpatterns: list[URLPattern] = [
    path("users/me/list-preferences", preferences.Preferences.as_view(), name="api-list-preferences"),
    path("users/me/progress", progress.Progress.as_view(), name="api-progress"),
    path("users/me/progress/import", progress.ProgressImport.as_view(), name="api-progress-import"),
]
