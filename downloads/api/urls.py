"""The flat table of the API routes of downloads and the library."""

from django.urls import URLPattern, path

from downloads.api.views import downloads

urlpatterns: list[URLPattern] = [
    path("admin/downloads", downloads.AdminDownloads.as_view(), name="api-admin-downloads"),
    path("admin/downloads/queue", downloads.AdminQueue.as_view(), name="api-admin-downloads-queue"),
    path("admin/downloads/queue/<slug:mode>", downloads.AdminQueueMode.as_view(), name="api-admin-downloads-mode"),
    path("admin/downloads/<uuid:id>", downloads.AdminDownload.as_view(), name="api-admin-download"),
    path("admin/downloads/<uuid:id>/move", downloads.AdminDownloadMove.as_view(), name="api-admin-download-move"),
    path(
        "admin/downloads/<uuid:id>/<slug:action>",
        downloads.AdminDownloadAction.as_view(),
        name="api-admin-download-act",
    ),
]
