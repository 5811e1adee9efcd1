"""Shikimori's JSON export: an array of rates."""

from typing import Any

from catalog.facade import Site
from lists.importing.fields import episodes_read, id_read, notes_read, rewatches_read, score_read
from lists.importing.lines import LineRefused, lines_read, title_read
from lists.importing.readers import hiroba
from lists.importing.records import ListRecord, ReadList
from lists.models import EntryStatus
from lists.services.states import EntryState

STATUSES = {name: name for name in EntryStatus.values}
"""Shikimori's words are ours: planned, watching, rewatching, completed, on_hold, dropped."""
_FIELDS = {"score": "score", "episodes": "episodes_watched", "rewatches": "rewatch_count", "text": "notes"}


def read(root: list[Any]) -> ReadList:
    """An empty array is an empty list."""
    return lines_read("shikimori", root, read=_record, title_of=_title)


def _title(line: Any) -> object:
    return line.get("target_title") or "" if isinstance(line, dict) else ""


def _record(position: int, line: Any) -> ListRecord:
    """A line that says neither of what it is nor how far it is watched is no entry at all."""
    if isinstance(line, dict) and isinstance(line.get("x_hiroba"), dict):
        return hiroba.line_read(position, line["x_hiroba"])
    if not isinstance(line, dict) or ("status" not in line and "target_type" not in line):
        raise LineRefused("not_an_entry")
    kind = str(line.get("target_type", "Anime"))
    if kind in ("Manga", "Ranobe"):
        raise LineRefused("manga")
    if kind != "Anime":
        raise LineRefused("not_anime", kind)
    status = STATUSES.get(str(line.get("status")))
    if status is None:
        raise LineRefused("bad_status", line.get("status"))
    shikimori_id = id_read(line.get("target_id"))
    return ListRecord(
        position=position,
        title=title_read(line.get("target_title") or ""),
        ids=((Site.SHIKIMORI.value, shikimori_id),) if shikimori_id else (),
        state=EntryState(
            status=status,
            score=score_read(line.get("score"), step=10),
            episodes_watched=episodes_read(line.get("episodes")),
            rewatch_count=rewatches_read(line.get("rewatches")),
            notes=notes_read(line.get("text")),
        ),
        said=frozenset({"status"} | {ours for theirs, ours in _FIELDS.items() if theirs in line}),
    )
