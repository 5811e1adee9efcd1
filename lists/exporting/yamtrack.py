"""Yamtrack: its CSV, one row for every viewing."""

import csv
from collections.abc import Iterator

from accounts.facade import User
from catalog.facade import IDENTIFYING_SITES
from lists.exporting.entries import ExportedEntry, entries_exported
from lists.exporting.mal_xml import SITES_MAL
from lists.importing.readers.yamtrack import IDS_COLUMN, STATUSES
from lists.models import EntryStatus
from lists.spreadsheet_cells import cell_write

COLUMNS = (
    "media_id",
    "source",
    "media_type",
    "title",
    "image",
    "season_number",
    "episode_number",
    "score",
    "status",
    "notes",
    "start_date",
    "end_date",
    "progress",
    "created_at",
    "progressed_at",
    IDS_COLUMN,
)
_NAMES = {
    **{ours: theirs.capitalize() for theirs, ours in STATUSES.items()},
    EntryStatus.REWATCHING: "In progress",
}
_VIEWINGS_LIMIT = 100


class _Line:
    """What csv.writer writes into: the line that it made last."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


def write(user: User) -> Iterator[bytes]:
    """Scores 0–10 with one decimal. Viewings before the present one are rows of their own; anime that MAL has not are
    Yamtrack's "manual" ones, at the end, with their ids elsewhere in a column of ours. Cells that a spreadsheet would run
    begin with an apostrophe (threat 37).
    """
    line = _Line()
    writer = csv.DictWriter(line, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    yield line.text.encode()
    for entry in entries_exported(user, sites=SITES_MAL):
        for row in _rows(entry):
            writer.writerow({name: cell_write(value) for name, value in row.items()})
            yield line.text.encode()


def _rows(entry: ExportedEntry) -> Iterator[dict[str, str]]:
    state = entry.state
    anime = {
        "media_id": entry.site_id or str(entry.anime_id),
        "source": "mal" if entry.site_id else "manual",
        "media_type": "anime",
        "title": entry.title,
        IDS_COLUMN: "" if entry.site_id else _ids(entry),
    }
    before = {**anime, "status": "Completed", "progress": str(entry.episode_count or "")}
    for _ in range(min(state.viewing, _VIEWINGS_LIMIT)):
        yield before
    yield {
        **anime,
        "score": f"{state.score / 10:.1f}" if state.score is not None else "",
        "status": _NAMES[EntryStatus(state.status)],
        "notes": state.notes,
        "start_date": _day(state.started_on),
        "end_date": _day(state.finished_on),
        "progress": str(state.episodes_watched),
        "created_at": entry.created_at.isoformat(),
        "progressed_at": entry.updated_at.isoformat(),
    }


def _day(partial: str) -> str:
    return partial if len(partial) == len("2024-05-17") else ""


def _ids(entry: ExportedEntry) -> str:
    pairs = ((site, value) for site in IDENTIFYING_SITES for value in entry.ids.get(site, ()))
    return " ".join(f"{site}:{value}" for site, value in pairs if " " not in value)
