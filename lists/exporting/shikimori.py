"""Shikimori: its JSON array of rates."""

from collections.abc import Iterator
from typing import Any

import orjson

from accounts.facade import User
from lists.exporting.entries import ExportedEntry, entries_exported
from lists.exporting.hiroba import entry_line
from lists.exporting.mal_xml import SITES_SHIKIMORI
from lists.importing.fields import score_written


def write(user: User) -> Iterator[bytes]:
    """Scores 1–10 (0 none). Anime that Shikimori has not stand at the end with no `target_id`, and as ours."""
    separator = b"["
    for entry in entries_exported(user, sites=SITES_SHIKIMORI):
        yield separator + orjson.dumps(_rate(entry))
        separator = b",\n"
    yield b"]\n" if separator != b"[" else b"[]\n"


def _rate(entry: ExportedEntry) -> dict[str, Any]:
    state = entry.state
    ours = {} if entry.site_id else {"x_hiroba": entry_line(entry)}
    return {
        "target_title": entry.title,
        "target_id": int(entry.site_id) if entry.site_id else None,
        "target_type": "Anime",
        "score": score_written(state.score, step=10),
        "status": state.status,
        "rewatches": state.rewatch_count,
        "episodes": state.episodes_watched,
        "text": state.notes or None,
        **ours,
    }
