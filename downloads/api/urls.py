"""The flat table of the API routes of downloads and the library."""

from django.urls import URLPattern, path

from downloads.api.views import configuration, downloads, files, library, missing

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
    path(
        "admin/library/configuration",
        configuration.AdminConfiguration.as_view(),
        name="api-admin-library-configuration",
    ),
    path(
        "admin/library/configuration/validate",
        configuration.AdminConfigurationValidate.as_view(),
        name="api-admin-library-configuration-validate",
    ),
    path(
        "admin/library/configuration/reset",
        configuration.AdminConfigurationReset.as_view(),
        name="api-admin-library-configuration-reset",
    ),
    path(
        "admin/library/configuration/preview",
        configuration.AdminConfigurationPreview.as_view(),
        name="api-admin-library-configuration-preview",
    ),
    path(
        "admin/library/configuration/backups",
        configuration.AdminBackups.as_view(),
        name="api-admin-library-backups",
    ),
    path(
        "admin/library/configuration/backups/<str:name>",
        configuration.AdminBackup.as_view(),
        name="api-admin-library-backup",
    ),
    path(
        "admin/library/configuration/backups/<str:name>/restore",
        configuration.AdminBackupRestore.as_view(),
        name="api-admin-library-backup-restore",
    ),
    path("admin/library/files", library.AdminLibraryFiles.as_view(), name="api-admin-library-files"),
    path("admin/library/files/<bigid:file_id>", library.AdminLibraryFile.as_view(), name="api-admin-library-file"),
    path("admin/library/scans", library.AdminScans.as_view(), name="api-admin-library-scans"),
    path("admin/library/recycled", library.AdminRecycled.as_view(), name="api-admin-library-recycled"),
    path(
        "admin/library/recycled/<str:name>/restore",
        library.AdminRecycledRestore.as_view(),
        name="api-admin-library-recycled-restore",
    ),
]
