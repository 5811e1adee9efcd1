"""AniList's copy of one's data (Settings → Account → GDPR download): all lists in one flat array, without titles."""

from typing import Any

import orjson

from catalog.facade import Site
from lists.importing.fields import (
    date_of_number,
    episodes_read,
    extras_read,
    flag_read,
    id_read,
    moment_read,
    notes_read,
    rewatches_read,
    score_read,
    tags_read,
)
from lists.importing.lines import LineRefused, lines_read
from lists.importing.readers.anilist import folders_read
from lists.importing.records import ListRecord, ReadList
from lists.models import EntryStatus
from lists.services.states import EntryState

STATUSES = (
    EntryStatus.WATCHING,
    EntryStatus.PLANNED,
    EntryStatus.COMPLETED,
    EntryStatus.DROPPED,
    EntryStatus.ON_HOLD,
    EntryStatus.REWATCHING,
)
"""By their numbers there."""
_ANIME = 0
_FIELDS = {
    "score": "score",
    "progress": "episodes_watched",
    "repeat": "rewatch_count",
    "started_on": "started_on",
    "finished_on": "finished_on",
    "notes": "notes",
    "private": "is_private",
    "custom_lists": "tags",
}


def is_export(root: dict[str, Any]) -> bool:
    """Whether it is such a copy: `lists` of flat rows; without rows the person must stand beside them."""
    lists = root.get("lists")
    if not isinstance(lists, list):
        return False
    return any(isinstance(row, dict) and "series_id" in row for row in lists) or (not lists and "user" in root)


def read(root: dict[str, Any]) -> ReadList:
    user = root.get("user")
    name = user.get("display_name", user.get("name", "")) if isinstance(user, dict) else ""
    return lines_read("anilist_gdpr", root["lists"], read=_record, title_of=lambda line: "", owner_name=str(name or ""))


def _record(position: int, row: Any) -> ListRecord:
    if not isinstance(row, dict) or "series_id" not in row:
        raise LineRefused("not_an_entry")
    if row.get("series_type", _ANIME) != _ANIME:
        raise LineRefused("manga")
    number = row.get("status")
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(STATUSES):
        raise LineRefused("bad_status", number)
    tags, more_tags = tags_read(folders_read(_unpacked(row.get("custom_lists"))))
    extras: dict[str, Any] = {"tags": more_tags} if more_tags else {}
    scores = _unpacked(row.get("advanced_scores"))
    if isinstance(scores, dict) and any(scores.values()) and len(scores) <= 100:
        extras["advancedScores"] = {
            str(name)[:100]: value for name, value in scores.items() if isinstance(value, int | float)
        }
    if flag_read(row.get("hidden_default")):
        extras["hiddenFromStatusLists"] = True
    if isinstance(row.get("priority"), int) and row["priority"]:
        extras["priority"] = row["priority"]
    anilist_id = id_read(row["series_id"])
    return ListRecord(
        position=position,
        title="",
        ids=((Site.ANILIST.value, anilist_id),) if anilist_id else (),
        state=EntryState(
            status=STATUSES[number],
            score=score_read(row.get("score"), step=1, highest=100),
            episodes_watched=episodes_read(row.get("progress")),
            rewatch_count=rewatches_read(row.get("repeat")),
            started_on=date_of_number(row.get("started_on")),
            finished_on=date_of_number(row.get("finished_on")),
            notes=notes_read(row.get("notes")),
            is_private=flag_read(row.get("private")),
            tags=tags,
        ),
        said=frozenset({"status"} | {ours for theirs, ours in _FIELDS.items() if theirs in row}),
        created_at=moment_read(row.get("created_at")),
        updated_at=moment_read(row.get("updated_at")),
        extras={"anilist": extras_read(extras)} if extras else {},
    )


def _unpacked(value: Any) -> Any:
    """Columns that hold JSON come as text."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
