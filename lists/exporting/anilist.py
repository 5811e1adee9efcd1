"""AniList: the shape of its GraphQL answer MediaListCollection."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import orjson

from accounts.facade import User
from catalog.facade import Site
from lists.dates import partial_date_parts
from lists.exporting.entries import ExportedEntry, entries_exported, extras_of, tags_of
from lists.exporting.hiroba import entry_line
from lists.importing.fields import score_written
from lists.importing.readers.anilist import STATUSES

_NAMES = {ours.value: theirs for theirs, ours in STATUSES.items()}
_FORMATS = {
    "tv": "TV",
    "tv_short": "TV_SHORT",
    "movie": "MOVIE",
    "special": "SPECIAL",
    "tv_special": "SPECIAL",
    "ova": "OVA",
    "ona": "ONA",
    "music": "MUSIC",
}


def write(user: User) -> Iterator[bytes]:
    """Scores are POINT_100, tags are custom lists. What AniList has not is in `x_hiroba.without_id`, as ours."""
    options = {"name": user.username, "mediaListOptions": {"scoreFormat": "POINT_100"}}
    yield b'{"data":{"MediaListCollection":{"user":' + orjson.dumps(options) + b',"lists":['
    missing: list[dict[str, Any]] = []
    separator = b"\n"
    entries = entries_exported(user, sites=(Site.ANILIST.value,), by_status=True)
    for status, together in groupby(entries, key=lambda entry: entry.state.status if entry.site_id else None):
        if status is None:
            missing.extend(entry_line(entry) for entry in together)
            continue
        head = {"name": _NAMES[status].capitalize(), "isCustomList": False, "status": _NAMES[status]}
        yield separator + orjson.dumps(head)[:-1] + b',"entries":['
        inner = b"\n"
        for entry in together:
            yield inner + orjson.dumps(_entry(entry))
            inner = b",\n"
        yield b"\n]}"
        separator = b",\n"
    yield b'\n]}},"x_hiroba":' + orjson.dumps({"without_id": missing}) + b"}\n"


def _entry(entry: ExportedEntry) -> dict[str, Any]:
    state, extras = entry.state, extras_of(entry, "anilist")
    scores = extras.get("advancedScores")
    number = int(entry.site_id)
    mal = entry.ids.get(Site.MAL.value, ())
    return {
        "mediaId": number,
        "status": _NAMES[state.status],
        "score": score_written(state.score, step=1),
        "progress": state.episodes_watched,
        "repeat": state.rewatch_count,
        "priority": extras.get("priority", 0),
        "private": state.is_private,
        "hiddenFromStatusLists": extras.get("hiddenFromStatusLists", False),
        "customLists": dict.fromkeys(tags_of(entry, "anilist"), True),
        "advancedScores": dict(sorted(scores.items())) if isinstance(scores, dict) else {},
        "notes": state.notes or None,
        "startedAt": _date(state.started_on),
        "completedAt": _date(state.finished_on),
        "updatedAt": int(entry.updated_at.timestamp()),
        "createdAt": int(entry.created_at.timestamp()),
        "media": {
            "id": number,
            "idMal": int(mal[0]) if mal and mal[0].isdigit() else None,
            "type": "ANIME",
            "format": _FORMATS.get(entry.kind),
            "episodes": entry.episode_count,
            "title": {"romaji": entry.title},
        },
    }


def _date(partial: str) -> dict[str, int | None]:
    return dict(zip(("year", "month", "day"), partial_date_parts(partial), strict=True))
