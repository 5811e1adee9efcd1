"""Kitsu: library entries as its JSON:API answers them, with the anime and their mappings included."""

from collections.abc import Iterator
from typing import Any

import orjson

from accounts.facade import User
from catalog.facade import Site
from lists.exporting.entries import ExportedEntry, entries_exported, extras_of
from lists.exporting.hiroba import entry_line
from lists.importing.fields import score_written
from lists.importing.readers.kitsu import STATUSES
from lists.models import EntryStatus

_NAMES = {**{ours: theirs for theirs, ours in STATUSES.items()}, EntryStatus.REWATCHING: "current"}
_MAPPED = ((Site.MAL.value, "myanimelist/anime"), (Site.ANILIST.value, "anilist/anime"), (Site.ANIDB.value, "anidb"))
_LEAST_RATING = 2


def write(user: User) -> Iterator[bytes]:
    """Ratings are 2–20; a date of which the day is not known is left out; what Kitsu has not is in `meta`, as ours."""
    yield b'{"data":['
    included: list[bytes] = []
    missing: list[dict[str, Any]] = []
    separator = b"\n"
    for entry in entries_exported(user, sites=(Site.KITSU.value,)):
        if not entry.site_id:
            missing.append(entry_line(entry))
            continue
        yield separator + orjson.dumps(_entry(entry))
        included.append(
            b",\n".join(orjson.dumps(one) for one in _included(entry))
        )  # a copy of its own size: dumps' are larger
        separator = b",\n"
    yield b'\n],"included":[\n' + b",\n".join(included)
    yield b'\n],"meta":' + orjson.dumps({"x_hiroba": {"without_id": missing}}) + b"}\n"


def _entry(entry: ExportedEntry) -> dict[str, Any]:
    state, extras = entry.state, extras_of(entry, "kitsu")
    rating = max(_LEAST_RATING, score_written(state.score, step=5)) if state.score is not None else None
    return {
        "id": str(extras.get("id", entry.site_id)),
        "type": "libraryEntries",
        "attributes": {
            "createdAt": entry.created_at.isoformat(),
            "updatedAt": entry.updated_at.isoformat(),
            "status": _NAMES[EntryStatus(state.status)],
            "progress": state.episodes_watched,
            "reconsuming": state.status == EntryStatus.REWATCHING,
            "reconsumeCount": state.rewatch_count,
            "notes": state.notes or None,
            "private": state.is_private,
            "reactionSkipped": extras.get("reactionSkipped", "unskipped"),
            "progressedAt": extras.get("progressedAt"),
            "startedAt": _day(state.started_on),
            "finishedAt": _day(state.finished_on),
            "ratingTwenty": rating,
        },
        "relationships": {"anime": {"data": {"type": "anime", "id": entry.site_id}}},
    }


def _included(entry: ExportedEntry) -> Iterator[dict[str, Any]]:
    mapped = [(site, name, entry.ids[site][0]) for site, name in _MAPPED if entry.ids.get(site)]
    links = [{"type": "mappings", "id": f"{entry.site_id}-{site}"} for site, _, _ in mapped]
    yield {
        "id": entry.site_id,
        "type": "anime",
        "attributes": {
            "canonicalTitle": entry.title,
            "subtype": entry.kind,
            "episodeCount": entry.episode_count,
        },
        "relationships": {"mappings": {"data": links}},
    }
    for site, name, value in mapped:
        attributes = {"externalSite": name, "externalId": value}
        yield {"id": f"{entry.site_id}-{site}", "type": "mappings", "attributes": attributes}


def _day(partial: str) -> str | None:
    return f"{partial}T00:00:00.000Z" if len(partial) == len("2024-05-17") else None
