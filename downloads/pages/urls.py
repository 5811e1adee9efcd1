"""The flat table of the pages of downloads and the library."""

from django.urls import URLPattern, path

from downloads.pages import files, missing, queue, settings

urlpatterns: list[URLPattern] = [
    path("downloads", queue.queue_page, name="downloads-queue"),
    path("downloads/queue", queue.queue_mode_set, name="downloads-queue-mode"),
    path("downloads/queue/<uuid:id>", queue.queue_act, name="downloads-queue-act"),
    path("downloads/queue/<uuid:id>/file", queue.queue_file, name="downloads-queue-file"),
    path("downloads/missing", missing.missing_board, name="downloads-missing"),
    path("downloads/missing/<bigid:anime_id>", missing.missing_anime, name="downloads-missing-anime"),
    path("downloads/missing/<bigid:anime_id>/fill", missing.missing_fill, name="downloads-missing-fill"),
    path("downloads/missing/<bigid:anime_id>/follow", missing.missing_follow, name="downloads-missing-follow"),
    path("downloads/files", files.files_page, name="downloads-files"),
    path("downloads/files/scan", files.files_scan, name="downloads-files-scan"),
    path("downloads/files/<bigid:file_id>", files.file_page, name="downloads-file"),
    path("downloads/files/<bigid:file_id>/undo", files.file_undo, name="downloads-file-undo"),
    path("downloads/recycled/<str:name>", files.files_recycled, name="downloads-recycled"),
    path("downloads/settings", settings.settings_page, name="downloads-settings"),
    path("downloads/settings/preview", settings.settings_preview, name="downloads-settings-preview"),
    path("downloads/settings/backups", settings.settings_backups, name="downloads-settings-backups"),
    path("downloads/settings/backups/<str:name>", settings.settings_backup, name="downloads-settings-backup"),
]
