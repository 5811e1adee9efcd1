"""Our own JSON: everything that a list holds, so that it goes to another Hiroba and back unchanged."""

from collections.abc import Iterator

import orjson

from accounts.facade import User
from catalog.facade import IDENTIFYING_SITES
from lists.exporting.entries import ExportedEntry, entries_exported
from lists.importing.readers.hiroba import NAME

VERSION = 1


def write(user: User) -> Iterator[bytes]:
    """Scores are 0–100, dates ISO 8601 of reduced precision, times UTC. One entry a line, by our ids of the anime."""
    head = {"format": NAME, "version": VERSION, "owner": user.username}
    yield orjson.dumps(head)[:-1] + b',"entries":['
    separator = b"\n"
    for entry in entries_exported(user, sites=()):
        yield separator + orjson.dumps(entry_line(entry))
        separator = b",\n"
    yield b"\n]}\n"


def entry_line(entry: ExportedEntry) -> dict[str, object]:
    """One entry whole. The writers of other sites carry those so that the site has no anime for."""
    return {
        "anime_id": entry.anime_id,
        "title": entry.title,
        "kind": entry.kind,
        "episode_count": entry.episode_count,
        "ids": {str(site): entry.ids[site] for site in IDENTIFYING_SITES if site in entry.ids},
        **entry.state.as_json(),
        "extras": dict(sorted(entry.extras.items())),
        "created_at": entry.created_at.isoformat(),
        "updated_at": entry.updated_at.isoformat(),
    }
