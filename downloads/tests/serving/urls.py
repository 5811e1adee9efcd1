"""The site's addresses with those of files first, whichever rows the table of the API has by now."""

from importlib import import_module

from django.urls import URLPattern, URLResolver, path

from downloads.api.views import files

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/admin/downloads/<uuid:id>/ticket", files.AdminDownloadTicket.as_view()),
    path("api/v1/downloads/<uuid:id>/file", files.DownloadFile.as_view(), name="api-download-file"),
    *import_module("config.urls").urlpatterns,
]
