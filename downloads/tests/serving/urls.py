"""The site's addresses with those of files first, whichever rows the table of the API has by now."""

from django.urls import URLPattern, URLResolver, path

from config.urls import urlpatterns as site
from downloads.api.views import files

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/admin/downloads/<uuid:id>/ticket", files.AdminDownloadTicket.as_view()),
    path("api/v1/downloads/<uuid:id>/file", files.DownloadFile.as_view(), name="api-download-file"),
    *site,
]
