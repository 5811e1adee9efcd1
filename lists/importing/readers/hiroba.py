"""Our own JSON (`exporting.hiroba`): everything that a list holds."""

from typing import Any

from catalog.facade import Site
from lists.importing.errors import ListFileUnreadable
from lists.importing.fields import (
    date_read,
    episode_count_read,
    episodes_read,
    extras_read,
    moment_read,
    notes_read,
    rewatches_read,
    tags_read,
)
from lists.importing.lines import LineRefused, lines_read, title_read
from lists.importing.readers.kinds import kind_read
from lists.importing.records import ListRecord, ReadList
from lists.models import EntryStatus
from lists.services.states import FIELDS, EntryState

NAME = "hiroba-list"
_SITES = frozenset(Site.values)
_ID_LIMIT, _IDS_LIMIT = 64, 40


def read(root: dict[str, Any]) -> ReadList:
    """Raises `ListFileUnreadable` where no list of entries stands in it: a broken copy is no empty one."""
    entries = root.get("entries")
    if not isinstance(entries, list):
        raise ListFileUnreadable("no_entries")
    return lines_read(
        "hiroba",
        entries,
        read=line_read,
        title_of=line_title,
        owner_name=str(root.get("owner") or ""),
    )


def line_read(position: int, line: Any) -> ListRecord:
    """One entry as our format has it. Other formats carry those so that their site has no anime for."""
    if not isinstance(line, dict):
        raise LineRefused("not_an_entry")
    if line.get("status") not in EntryStatus.values:
        raise LineRefused("bad_status", line.get("status"))
    raw_tags = line.get("tags")
    tags, _more = tags_read(raw_tags if isinstance(raw_tags, list) else [])
    extras = line.get("extras")
    return ListRecord(
        position=position,
        title=title_read(line.get("title", "")),
        ids=_ids(line.get("ids")),
        state=EntryState(
            status=line["status"],
            score=_score(line.get("score")),
            episodes_watched=episodes_read(line.get("episodes_watched")),
            rewatch_count=rewatches_read(line.get("rewatch_count")),
            started_on=date_read(line.get("started_on")),
            finished_on=date_read(line.get("finished_on")),
            notes=notes_read(line.get("notes")),
            is_private=line.get("is_private") is True,
            is_favourite=line.get("is_favourite") is True,
            tags=tags,
        ),
        said=frozenset(name for name in FIELDS if name in line),
        kind=kind_read(line.get("kind")),
        episode_count=episode_count_read(line.get("episode_count")),
        created_at=moment_read(line.get("created_at")),
        updated_at=moment_read(line.get("updated_at")),
        extras=extras_read(extras) if isinstance(extras, dict) else {},
    )


def line_title(line: Any) -> object:
    return line.get("title", "") if isinstance(line, dict) else ""


def _score(value: Any) -> int | None:
    """Here 0 is a score; null is none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise LineRefused("bad_score", value)
    return value


def _ids(raw: Any) -> tuple[tuple[str, str], ...]:
    """In the file's order, which is the strongest first."""
    found = []
    for site, values in raw.items() if isinstance(raw, dict) else ():
        for value in values if isinstance(values, list) else ():
            if site in _SITES and isinstance(value, str) and 0 < len(value) <= _ID_LIMIT and "\x00" not in value:
                found.append((site, value))
    return tuple(found[:_IDS_LIMIT])
