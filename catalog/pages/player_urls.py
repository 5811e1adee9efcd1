"""Addresses of the watch page and of the files that its player fetches."""

from django.urls import URLPattern, path

from catalog.pages import stream, watch

urlpatterns: list[URLPattern] = [
    path("watch/<int:anime_id>/<int:number>", watch.watch, name="watch"),
    path("stream/<int:source_id>/thumbnails/<path:name>", stream.thumbnails_file, name="stream-thumbnails"),
    path("stream/<int:source_id>/made/<path:name>", stream.made_file, name="stream-made"),
    path("stream/<int:source_id>/<path:name>", stream.source_file, name="stream-source"),
    path("stream/subtitles/<int:track_id>", stream.subtitle_file, name="stream-subtitle"),
]
