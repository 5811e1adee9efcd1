"""Rows of the catalogue: public reads, what is hidden or restricted, the curators' timecodes, pages and the player's files."""

from pathlib import Path
from typing import Any

from django.conf import settings

from catalog.tests.factories import (
    AnimeFactory,
    EpisodeFactory,
    EpisodeSourceFactory,
    SubtitleTrackFactory,
    TimecodeFactory,
    TranslationFactory,
)
from tests.permissions.rows import EVERYONE, Row

_HIDDEN = "410 410 410 200 410 200 200"  # taken down: only testers and admins still see it
_RESTRICTED = "403 403 403 200 403 200 200"  # the page is there, nothing plays
_CURATORS = "401 403 403 200 200 200 200"
_CURATORS_204 = "401 403 403 204 204 204 204"
_CURATORS_HIDDEN = "401 403 403 200 410 200 200"
_SPANS = {"intro_start": 10.0, "intro_end": 100.0, "outro_start": None, "outro_end": None}


def setup(world: Any) -> None:
    """`anime` (public), `hidden`, `restricted`: each with one episode, a local file, subtitles and timecodes."""
    folder = Path(settings.LIBRARY_ROOT) / "matrix"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"1.mp4": b"0" * 64, "1.vtt": b"WEBVTT\n", "thumbs.vtt": b"WEBVTT\n"}.items():
        (folder / name).write_bytes(content)
    world.anime = AnimeFactory(document=True, mal_id=700_001)
    world.hidden = AnimeFactory(hidden=True, document=True, mal_id=700_002)
    world.restricted = AnimeFactory(restricted=True, document=True, mal_id=700_003)
    TranslationFactory(code="team")
    world.sources, world.subtitles = {}, {}
    for anime in (world.anime, world.hidden, world.restricted):
        episode = EpisodeFactory(anime=anime, number=1)
        world.sources[anime] = EpisodeSourceFactory(
            episode=episode, local=True, path="library:matrix/1.mp4", thumbnails_path="library:matrix/thumbs.vtt"
        )
        world.subtitles[anime] = SubtitleTrackFactory(episode=episode, path="library:matrix/1.vtt")
        TimecodeFactory(anime=anime, episode_number=1)


def _of(which: str, template: str) -> Any:
    """A path with the id of `anime`, `hidden` or `restricted`, of its source and of its subtitles."""

    def path(world: Any) -> str:
        anime = getattr(world, which)
        return template.format(
            id=anime.pk,
            sid={"anime": 700_001, "hidden": 700_002, "restricted": 700_003}[which],
            slug=anime.slug,
            source=world.sources[anime].pk,
            track=world.subtitles[anime].pk,
        )

    return path


def _three(route: str, template: str, hidden: str = _HIDDEN, restricted: str = EVERYONE) -> list[Row]:
    """The row of a read of one anime: public, hidden, restricted."""
    return [
        Row("GET", route, EVERYONE, path=_of("anime", template)),
        Row("GET", route, hidden, path=_of("hidden", template), query="?"),
        Row("GET", route, restricted, path=_of("restricted", template), query="?"),
    ]


_LISTS = [Row("GET", f"api/v1/anime{rest}", EVERYONE) for rest in ("", "/calendar")] + [
    Row("GET", "api/v1/anime/search", EVERYONE, query="?q=hoshi")
]

_BY_ID = [
    row
    for rest in ("", "/episodes", "/community-rating", "/similar", "/related", "/timecodes")
    for row in _three(
        f"api/v1/anime/<bigid:id>{rest}",
        f"/api/v1/anime/{{id}}{rest}",
        restricted=_RESTRICTED if rest == "/episodes" else EVERYONE,  # episodes name what plays
    )
]
_BY_SHIKIMORI = [
    row
    for rest in ("", "/community-rating", "/timecodes")
    for row in _three(f"api/v1/anime/by-shikimori/<shikimori:sid>{rest}", f"/api/v1/anime/by-shikimori/{{sid}}{rest}")
]

_STAFF_ROUTE = "api/v1/staff/anime/<bigid:id>/timecodes"
_STAFF_PATH = "/api/v1/staff/anime/{id}/timecodes"
_SHIKI_ROUTE = "api/v1/staff/anime/by-shikimori/<shikimori:sid>/timecodes/<ordinal:ep>"
_SHIKI_PATH = "/api/v1/staff/anime/by-shikimori/{sid}/timecodes/1"


def _spans(world: Any) -> dict[str, Any]:
    return _SPANS


_STAFF = [
    Row("GET", "api/v1/staff/timecodes/missing", _CURATORS),
    Row("GET", _STAFF_ROUTE, _CURATORS, path=_of("anime", _STAFF_PATH)),
    Row("GET", _STAFF_ROUTE, _CURATORS_HIDDEN, path=_of("hidden", _STAFF_PATH), query="?"),
    Row("PUT", f"{_STAFF_ROUTE}/<ordinal:ep>", _CURATORS, path=_of("anime", f"{_STAFF_PATH}/1"), body=_spans),
    Row(
        "PUT",
        f"{_STAFF_ROUTE}/<ordinal:ep>",
        _CURATORS_HIDDEN,
        path=_of("hidden", f"{_STAFF_PATH}/1"),
        query="?",
        body=_spans,
    ),
    Row("DELETE", f"{_STAFF_ROUTE}/<ordinal:ep>", _CURATORS_204, path=_of("anime", f"{_STAFF_PATH}/1")),
    Row(
        "POST",
        f"{_STAFF_ROUTE}/<ordinal:ep>/copy",
        _CURATORS,
        path=_of("anime", f"{_STAFF_PATH}/1/copy"),
        query="?from=&to=team",
    ),
    Row("PUT", _SHIKI_ROUTE, _CURATORS, path=_of("anime", _SHIKI_PATH), body=_spans),
    Row("DELETE", _SHIKI_ROUTE, _CURATORS_204, path=_of("anime", _SHIKI_PATH)),
]

_PAGES = [
    Row("GET", "", EVERYONE, path="/"),
    Row("GET", "resume", EVERYONE, path=lambda w: f"/resume?at={w.anime.pk}.1.5.1400"),
    Row("GET", "resume", "204 204 204 204 204 204 204", path=lambda w: f"/resume?at={w.hidden.pk}.1.5.1400", query="&"),
    Row("GET", "browse", EVERYONE),
    Row("GET", "browse/studios", EVERYONE),
    Row("GET", "search", EVERYONE, query="?q=hoshi"),
    Row("GET", "search/suggest", EVERYONE, query="?q=hoshi"),
    Row("GET", "schedule", EVERYONE),
    *_three("anime/<int:anime_id>-<slug:slug>", "/anime/{id}-{slug}"),
    Row("GET", "anime/<int:anime_id>", "302 302 302 302 302 302 302", path=_of("anime", "/anime/{id}")),
    *_three("watch/<int:anime_id>/<int:number>", "/watch/{id}/1", restricted=_RESTRICTED),
    *_three("stream/<int:source_id>/<path:name>", "/stream/{source}/1.mp4", restricted=_RESTRICTED),
    *_three(
        "stream/<int:source_id>/thumbnails/<path:name>",
        "/stream/{source}/thumbnails/thumbs.vtt",
        restricted=_RESTRICTED,
    ),
    *_three("stream/subtitles/<int:track_id>", "/stream/subtitles/{track}", restricted=_RESTRICTED),
]

ROWS = [*_LISTS, *_BY_ID, *_BY_SHIKIMORI, *_STAFF, *_PAGES]
