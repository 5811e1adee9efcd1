"""The flat table of the pages of downloads and the library."""

from django.urls import URLPattern, path

from downloads.pages import missing, queue

urlpatterns: list[URLPattern] = [
    path("downloads", queue.queue_page, name="downloads-queue"),
    path("downloads/queue", queue.queue_mode_set, name="downloads-queue-mode"),
    path("downloads/queue/<uuid:id>", queue.queue_act, name="downloads-queue-act"),
    path("downloads/queue/<uuid:id>/file", queue.queue_file, name="downloads-queue-file"),
    path("downloads/missing", missing.missing_board, name="downloads-missing"),
    path("downloads/missing/<bigid:anime_id>", missing.missing_anime, name="downloads-missing-anime"),
    path("downloads/missing/<bigid:anime_id>/fill", missing.missing_fill, name="downloads-missing-fill"),
    path("downloads/missing/<bigid:anime_id>/follow", missing.missing_follow, name="downloads-missing-follow"),
]
