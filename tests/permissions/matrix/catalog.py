"""Rows of the catalogue's API: fifteen that everyone reads, seven for the people who curate timecodes."""

from typing import Any

from catalog.tests import factories
from tests.permissions.rows import EVERYONE, Row

_EDITORS = "401 403 403 200 200 200 200"
_EDITORS_204 = "401 403 403 204 204 204 204"
_EDITORS_HIDDEN = "401 403 403 200 410 200 200"
_SEES_HIDDEN = "410 410 410 200 410 200 200"
_PLAYS_RESTRICTED = "403 403 403 200 403 200 200"
_SPANS = {"intro_start": 1, "intro_end": 91, "outro_start": None, "outro_end": None}


def setup(world: Any) -> None:
    """A public anime with a timecode row and a translation, one that is hidden, one whose player is restricted."""
    world.shown = factories.AnimeFactory(mal_id=101, document=True)
    world.hidden = factories.AnimeFactory(mal_id=102, hidden=True, document=True)
    world.restricted = factories.AnimeFactory(mal_id=103, restricted=True, document=True)
    factories.TranslationFactory(code="matrix-band")
    factories.TimecodeFactory(anime=world.shown, episode_number=1)


def _of(name: str, tail: str = "", base: str = "anime") -> Any:
    return lambda world: f"/api/v1/{base}/{getattr(world, name).pk}{tail}"


def _reads() -> list[Row]:
    """The public reads of one anime: open for a public one, 410 for a hidden one."""
    found = []
    for tail in ("", "/community-rating", "/similar", "/related", "/timecodes"):
        route = f"api/v1/anime/<bigid:id>{tail}"
        found.append(Row("GET", route, EVERYONE, path=_of("shown", tail)))
        found.append(Row("GET", route, EVERYONE, path=_of("restricted", tail)))
        found.append(Row("GET", route, _SEES_HIDDEN, path=_of("hidden", tail)))
    for tail in ("", "/community-rating", "/timecodes"):
        route = f"api/v1/anime/by-shikimori/<shikimori:sid>{tail}"
        found.append(Row("GET", route, EVERYONE, path=f"/api/v1/anime/by-shikimori/101{tail}"))
        found.append(Row("GET", route, _SEES_HIDDEN, path=f"/api/v1/anime/by-shikimori/102{tail}"))
    return found


_STAFF = "api/v1/staff/anime/<bigid:id>/timecodes"
_EPISODE = f"{_STAFF}/<ordinal:ep>"
_SHIKIMORI = "api/v1/staff/anime/by-shikimori/<shikimori:sid>/timecodes/<ordinal:ep>"

ROWS = [
    Row("GET", "api/v1/anime", EVERYONE),
    Row("GET", "api/v1/anime", "403 403 403 403 403 403 403", query="?adult=true"),
    Row("GET", "api/v1/anime/search", EVERYONE, query="?q=hoshi"),
    Row("GET", "api/v1/anime/calendar", EVERYONE),
    Row("GET", "api/v1/anime/upcoming", EVERYONE),
    Row("GET", "api/v1/anime/recently-updated", EVERYONE),
    *_reads(),
    Row("GET", "api/v1/anime/<bigid:id>/episodes", EVERYONE, path=_of("shown", "/episodes")),
    Row("GET", "api/v1/anime/<bigid:id>/episodes", _SEES_HIDDEN, path=_of("hidden", "/episodes")),
    Row("GET", "api/v1/anime/<bigid:id>/episodes", _PLAYS_RESTRICTED, path=_of("restricted", "/episodes")),
    Row("GET", "api/v1/staff/timecodes/missing", _EDITORS),
    Row("GET", _STAFF, _EDITORS, path=_of("shown", "/timecodes", "staff/anime")),
    Row("GET", _STAFF, _EDITORS_HIDDEN, path=_of("hidden", "/timecodes", "staff/anime")),
    Row("PUT", _EPISODE, _EDITORS, path=_of("shown", "/timecodes/2", "staff/anime"), body=lambda world: _SPANS),
    Row("DELETE", _EPISODE, _EDITORS_204, path=_of("shown", "/timecodes/1", "staff/anime")),
    Row(
        "POST",
        f"{_EPISODE}/copy",
        _EDITORS,
        path=_of("shown", "/timecodes/1/copy", "staff/anime"),
        query="?from=&to=matrix-band",
    ),
    Row(
        "PUT",
        _SHIKIMORI,
        _EDITORS,
        path="/api/v1/staff/anime/by-shikimori/101/timecodes/2",
        body=lambda world: _SPANS,
    ),
    Row("DELETE", _SHIKIMORI, _EDITORS_204, path="/api/v1/staff/anime/by-shikimori/101/timecodes/1"),
]
