"""Yamtrack's CSV export: one row for every viewing of everything that somebody tracks."""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from typing import IO

from catalog.facade import Site
from lists.importing.errors import ListFileTooLarge, ListFileUnreadable
from lists.importing.fields import (
    date_read,
    episodes_read,
    id_read,
    moment_read,
    notes_read,
    rewatches_read,
    score_read,
)
from lists.importing.lines import LINES_LIMIT, LineRefused, lines_read, title_read
from lists.importing.records import ListRecord, ReadList
from lists.models import EntryStatus
from lists.models.entries import REWATCHES_LIMIT
from lists.services.states import EntryState
from lists.spreadsheet_cells import cell_read

REQUIRED = frozenset({"media_id", "media_type", "title", "status"})
STATUSES = {
    "completed": EntryStatus.COMPLETED,
    "in progress": EntryStatus.WATCHING,
    "planning": EntryStatus.PLANNED,
    "paused": EntryStatus.ON_HOLD,
    "dropped": EntryStatus.DROPPED,
    "repeating": EntryStatus.REWATCHING,
}
_SOURCES = {"mal": Site.MAL, "anilist": Site.ANILIST, "kitsu": Site.KITSU}
_FIELDS = {
    "score": "score",
    "progress": "episodes_watched",
    "repeats": "rewatch_count",
    "start_date": "started_on",
    "end_date": "finished_on",
    "notes": "notes",
}
IDS_COLUMN = "hiroba_ids"
"""Our own: "anidb:1 bangumi:2" of an anime that stands there as a "manual" one; a reader of Yamtrack's does not miss it."""
_SITES = frozenset(Site.values)
_IDS_LIMIT = 40
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row. `earlier` is how many other rows say that it was completed before; `is_earlier` that another row counts it."""

    row: Row
    earlier: int = 0
    is_earlier: bool = False


def read(file: IO[bytes]) -> ReadList:
    """Commas or semicolons, columns in any order. Raises `ListFileUnreadable` for another table, and for one that ends in
    the middle of a cell: half of it would be taken for the whole.
    """
    lines = _folded(_rows(file))
    return lines_read("yamtrack", lines, read=_record, title_of=lambda line: line.row.get("title", ""))


def _rows(file: IO[bytes]) -> list[Row]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    try:
        first = text.readline(16_384)
        text.seek(0)
        reader = csv.reader(text, delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
        names = [name.strip().lower() for name in next(reader, [])]
        if not set(names) >= REQUIRED:
            raise ListFileUnreadable("table_no_list", names=", ".join(names)[:200])
        rows: list[Row] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) >= LINES_LIMIT:
                raise ListFileTooLarge("too_many_lines", limit=LINES_LIMIT)
            rows.append({name: cell_read(cell) for name, cell in zip(names, cells, strict=False)})
        return rows
    except csv.Error as error:
        raise ListFileUnreadable("table_broken") from error
    finally:
        text.detach()


def _folded(rows: list[Row]) -> list[_Line]:
    """Yamtrack keeps a row for each viewing: the latest is the entry, the completed ones before it are rewatches."""
    viewings: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if _is_anime(row) and row.get("media_id", "").strip():
            viewings[row.get("source", ""), row["media_id"].strip()].append(index)
    lines = [_Line(row) for row in rows]
    counted: set[int] = set()
    for several in viewings.values():
        *others, latest = sorted(several, key=lambda index: (_when(rows[index]), index))
        completed = [index for index in others if _status(rows[index]) == EntryStatus.COMPLETED]
        lines[latest] = _Line(rows[latest], earlier=len(completed))
        counted.update(completed)
        for index in others:
            lines[index] = _Line(rows[index], is_earlier=True)
    return [line for index, line in enumerate(lines) if index not in counted]


def _is_anime(row: Row) -> bool:
    return row.get("media_type", "").strip().lower() == "anime"


def _when(row: Row) -> str:
    return next(
        (row[name] for name in ("progressed_at", "progress_changed", "end_date", "start_date") if row.get(name)), ""
    )


def _status(row: Row) -> str | None:
    return STATUSES.get(row.get("status", "").strip().lower())


def _record(position: int, line: _Line) -> ListRecord:
    """Scores times 10 (an empty cell is none); `repeats` is a column of older exports."""
    row = line.row
    kind = row.get("media_type", "").strip().lower()
    if kind != "anime":
        raise LineRefused("manga" if kind == "manga" else "not_anime", kind)
    if line.is_earlier:
        raise LineRefused("another_viewing")
    status = _status(row)
    if status is None:
        raise LineRefused("bad_status", row.get("status", ""))
    rewatches = rewatches_read(row.get("repeats", "").strip()) + line.earlier
    if status == EntryStatus.WATCHING and line.earlier:
        status, rewatches = EntryStatus.REWATCHING, rewatches - 1
    site = _SOURCES.get(row.get("source", "mal").strip().lower())
    number = id_read(row.get("media_id"))
    return ListRecord(
        position=position,
        title=title_read(row.get("title", "")),
        ids=((site.value, number),) if site and number else _ids(row.get(IDS_COLUMN, "")),
        state=EntryState(
            status=status,
            score=score_read(row.get("score", "").strip(), step=10, is_zero_a_score=True),
            episodes_watched=episodes_read(row.get("progress", "").strip()),
            rewatch_count=min(rewatches, REWATCHES_LIMIT),
            started_on=date_read(row.get("start_date", "")),
            finished_on=date_read(row.get("end_date", "")),
            notes=notes_read(row.get("notes")),
        ),
        said=frozenset({"status", "rewatch_count"} | {ours for theirs, ours in _FIELDS.items() if theirs in row}),
        kind="unknown",
        created_at=moment_read(row.get("created_at")),
        updated_at=moment_read(row.get("progressed_at") or row.get("progress_changed")),
    )


def _ids(cell: str) -> tuple[tuple[str, str], ...]:
    """What the exporter wrote into `IDS_COLUMN`, the strongest first."""
    pairs = (word.partition(":") for word in cell.split()[:_IDS_LIMIT])
    return tuple((site, value) for site, _colon, value in pairs if site in _SITES and value)
