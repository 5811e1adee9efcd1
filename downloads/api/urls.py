"""The flat table of the API routes of downloads and the library."""

from django.urls import URLPattern, path

from downloads.api.views import downloads, files, missing

urlpatterns: list[URLPattern] = [
    path("admin/downloads", downloads.AdminDownloads.as_view(), name="api-admin-downloads"),
    path("admin/downloads/queue", downloads.AdminQueue.as_view(), name="api-admin-downloads-queue"),
    path("admin/downloads/queue/<slug:mode>", downloads.AdminQueueMode.as_view(), name="api-admin-downloads-mode"),
    path("admin/downloads/<uuid:id>", downloads.AdminDownload.as_view(), name="api-admin-download"),
    path("admin/downloads/<uuid:id>/move", downloads.AdminDownloadMove.as_view(), name="api-admin-download-move"),
    path("admin/downloads/<uuid:id>/ticket", files.AdminDownloadTicket.as_view(), name="api-admin-download-ticket"),
    path(
        "admin/downloads/<uuid:id>/<slug:action>",
        downloads.AdminDownloadAction.as_view(),
        name="api-admin-download-act",
    ),
    path("downloads/<uuid:id>/file", files.DownloadFile.as_view(), name="api-download-file"),
    path("admin/library/follows", missing.AdminFollows.as_view(), name="api-admin-library-follows"),
    path("admin/library/missing", missing.AdminMissing.as_view(), name="api-admin-library-missing"),
    path(
        "admin/library/missing/<bigid:anime_id>",
        missing.AdminMissingAnime.as_view(),
        name="api-admin-library-missing-anime",
    ),
    path(
        "admin/library/missing/<bigid:anime_id>/fill",
        missing.AdminMissingFill.as_view(),
        name="api-admin-library-missing-fill",
    ),
    path(
        "admin/library/missing/<bigid:anime_id>/follow",
        missing.AdminMissingFollow.as_view(),
        name="api-admin-library-missing-follow",
    ),
]
