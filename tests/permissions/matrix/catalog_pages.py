"""Rows of the catalogue's pages and of the player's files: public, taken down, restricted."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings

from catalog.tests.factories import AnimeFactory, EpisodeFactory, EpisodeSourceFactory, SubtitleTrackFactory
from tests.permissions.rows import EVERYONE, Row

_TAKEN_DOWN = "410 410 410 200 410 200 200"  # only testers and admins still see it
_RESTRICTED = "403 403 403 200 403 200 200"  # the page is there, nothing plays
_EVERYONE_204 = "204 204 204 204 204 204 204"
_EVERYONE_302 = "302 302 302 302 302 302 302"
_FILES = {"1.mp4": b"0" * 64, "1.vtt": b"WEBVTT\n", "thumbs.vtt": b"WEBVTT\n"}


def setup(world: Any) -> None:
    """`anime` (public), `taken_down`, `walled` (restricted): each with an episode, a local file and subtitles."""
    folder = Path(settings.LIBRARY_ROOT) / "matrix"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _FILES.items():
        (folder / name).write_bytes(content)
    world.anime = AnimeFactory(document=True)
    world.taken_down = AnimeFactory(hidden=True, document=True)
    world.walled = AnimeFactory(restricted=True, document=True)
    world.sources, world.subtitles = {}, {}
    for anime in (world.anime, world.taken_down, world.walled):
        episode = EpisodeFactory(anime=anime, number=1)
        world.sources[anime] = EpisodeSourceFactory(
            episode=episode, local=True, path="library:matrix/1.mp4", thumbnails_path="library:matrix/thumbs.vtt"
        )
        world.subtitles[anime] = SubtitleTrackFactory(episode=episode, path="library:matrix/1.vtt")


def _of(which: str, template: str) -> Any:
    """A path with the id of one of the three, of its source and of its subtitles."""

    def path(world: Any) -> str:
        anime = getattr(world, which)
        source, track = world.sources[anime].pk, world.subtitles[anime].pk
        return template.format(id=anime.pk, slug=anime.slug, source=source, track=track)

    return path


def _three(route: str, template: str, walled: str = _RESTRICTED) -> list[Row]:
    """The rows of a page of one anime."""
    return [
        Row("GET", route, EVERYONE, path=_of("anime", template)),
        Row("GET", route, _TAKEN_DOWN, path=_of("taken_down", template), query="?taken-down"),
        Row("GET", route, walled, path=_of("walled", template), query="?walled"),
    ]


def _made(route: str, template: str) -> list[Row]:
    """Those who may have the file learn that its bytes are no media (502); the others are refused before it is looked at."""
    return [replace(row, expect=row.expect.replace("200", "502")) for row in _three(route, template)]


ROWS = [
    Row("GET", "", EVERYONE, path="/"),
    Row("GET", "resume", EVERYONE, path=lambda w: f"/resume?at={w.anime.pk}.1.5.1400"),
    Row("GET", "resume", _EVERYONE_204, path=lambda w: f"/resume?at={w.taken_down.pk}.1.5.1400", query="&"),
    Row("GET", "browse", EVERYONE),
    Row("GET", "browse/studios", EVERYONE),
    Row("GET", "search", EVERYONE, query="?q=hoshi"),
    Row("GET", "search/suggest", EVERYONE, query="?q=hoshi"),
    Row("GET", "schedule", EVERYONE),
    Row("GET", "upcoming", EVERYONE),
    Row("GET", "recent", EVERYONE),
    Row("GET", "schedule.ics", EVERYONE),
    *_three("anime/<int:anime_id>-<slug:slug>", "/anime/{id}-{slug}", walled=EVERYONE),
    Row("GET", "anime/<int:anime_id>", _EVERYONE_302, path=_of("anime", "/anime/{id}")),
    *_three("watch/<int:anime_id>/<int:number>", "/watch/{id}/1"),
    *_three("stream/<int:source_id>/<path:name>", "/stream/{source}/1.mp4"),
    *_three("stream/<int:source_id>/thumbnails/<path:name>", "/stream/{source}/thumbnails/thumbs.vtt"),
    *_made("stream/<int:source_id>/made/<path:name>", "/stream/{source}/made/master.m3u8"),
    *_three("stream/subtitles/<int:track_id>", "/stream/subtitles/{track}"),
]
