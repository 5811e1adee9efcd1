"""The flat table of the pages of downloads and the library."""

from django.urls import URLPattern, path

from downloads.pages import missing

urlpatterns: list[URLPattern] = [
    path("downloads/missing", missing.missing_board, name="downloads-missing"),
    path("downloads/missing/<bigid:anime_id>", missing.missing_anime, name="downloads-missing-anime"),
    path("downloads/missing/<bigid:anime_id>/fill", missing.missing_fill, name="downloads-missing-fill"),
    path("downloads/missing/<bigid:anime_id>/follow", missing.missing_follow, name="downloads-missing-follow"),
]
