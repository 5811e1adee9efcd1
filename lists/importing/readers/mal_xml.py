"""MyAnimeList's XML export, and Shikimori's and Kitsu's in its shape."""

from collections.abc import Iterator
from itertools import chain
from typing import IO, Any

import orjson

from catalog.facade import Site
from lists.importing.fields import (
    date_read,
    episode_count_read,
    episodes_read,
    extras_read,
    flag_read,
    id_read,
    notes_read,
    rewatches_read,
    score_read,
    tags_read,
)
from lists.importing.lines import LineRefused, lines_read, title_read
from lists.importing.readers import hiroba
from lists.importing.readers.kinds import kind_read
from lists.importing.records import ListRecord, ReadList
from lists.importing.xml_lines import LEFTOVER, XmlLine, xml_lines
from lists.models import EntryStatus
from lists.services.states import EntryState

ROOT = "myanimelist"
STATUSES = {
    "watching": EntryStatus.WATCHING,
    "completed": EntryStatus.COMPLETED,
    "on-hold": EntryStatus.ON_HOLD,
    "on hold": EntryStatus.ON_HOLD,
    "dropped": EntryStatus.DROPPED,
    "plan to watch": EntryStatus.PLANNED,
    "rewatching": EntryStatus.REWATCHING,
    "1": EntryStatus.WATCHING,
    "2": EntryStatus.COMPLETED,
    "3": EntryStatus.ON_HOLD,
    "4": EntryStatus.DROPPED,
    "6": EntryStatus.PLANNED,
}
"""Names in any case (Kitsu writes "On Hold"), and the numbers of MAL's older exports."""
DEFAULTS = {
    "my_id": "0",
    "my_rated": "",
    "my_storage": "",
    "my_storage_value": "0.00",
    "my_rewatch_value": "",
    "my_priority": "LOW",
    "my_discuss": "1",
    "my_sns": "default",
    "my_dvd": "",
}
"""Fields that say nothing of ours, with what an entry has that nobody touched; others are kept in `extras["mal"]`."""
OURS = frozenset(
    {
        "my_watched_episodes",
        "my_start_date",
        "my_finish_date",
        "my_score",
        "my_status",
        "my_comments",
        "my_times_watched",
        "my_tags",
        "my_rewatching",
        "my_rewatching_ep",
    }
)
_FIELDS = {
    "my_score": "score",
    "my_watched_episodes": "episodes_watched",
    "my_times_watched": "rewatch_count",
    "my_start_date": "started_on",
    "my_finish_date": "finished_on",
    "my_comments": "notes",
    "my_tags": "tags",
}
"""Shikimori and Kitsu leave some out; only what stands there is said."""


def read(file: IO[bytes]) -> ReadList:
    """A list in this shape; `format` is "shiki_xml" where it is Shikimori's own."""
    owner: dict[str, str] = {}
    entries = _entries(xml_lines(file, root=ROOT), owner)
    first = next(entries, None)
    is_shikimori = first is not None and "shiki_status" in first[1]

    def line_read(position: int, line: XmlLine) -> ListRecord:
        if line[0] == LEFTOVER:
            return hiroba.line_read(position, _leftover(line[1]["json"]))
        if line[0] == "manga" or owner.get("user_export_type", "").strip() == "2":
            raise LineRefused("manga")
        return _record(position, line[1], is_shikimori=is_shikimori)

    return lines_read(
        "shiki_xml" if is_shikimori else "mal",
        chain([first] if first else [], entries),
        read=line_read,
        title_of=_title,
        owner_name=owner.get("user_name", ""),
    )


def _title(line: XmlLine) -> object:
    if line[0] == LEFTOVER:
        return hiroba.line_title(_leftover(line[1]["json"]))
    return line[1].get("series_title") or line[1].get("manga_title", "")


def _leftover(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _entries(lines: Iterator[XmlLine], owner: dict[str, str]) -> Iterator[XmlLine]:
    for tag, fields in lines:
        if tag == "myinfo":
            owner.update(fields)
        elif tag in ("anime", "manga", LEFTOVER):
            yield tag, fields


def _record(position: int, fields: dict[str, str], *, is_shikimori: bool) -> ListRecord:
    """Scores times 10; 0 is none. While something is rewatched, the episodes seen are `my_rewatching_ep`."""
    extras: dict[str, Any] = {}
    count = episode_count_read(fields.get("series_episodes"))
    status = _status(fields)
    seen = episodes_read(fields.get("my_watched_episodes"))
    if status in (EntryStatus.COMPLETED, EntryStatus.WATCHING) and flag_read(fields.get("my_rewatching")):
        status = EntryStatus.REWATCHING
        if seen != count:
            extras["my_watched_episodes"] = str(seen)
        seen = episodes_read(fields.get("my_rewatching_ep"))
    tags, more_tags = tags_read((fields.get("my_tags") or "").split(","))
    if more_tags:
        extras["tags"] = more_tags
    state = EntryState(
        status=status,
        score=score_read(fields.get("my_score", "").strip(), step=10),
        episodes_watched=seen,
        rewatch_count=rewatches_read(fields.get("my_times_watched")),
        started_on=_date(fields, "my_start_date", extras),
        finished_on=_date(fields, "my_finish_date", extras),
        notes=notes_read(fields.get("my_comments")),
        tags=tags,
    )
    mal_id = id_read(fields.get("series_animedb_id"))
    site = Site.SHIKIMORI if is_shikimori else Site.MAL
    extras.update(_kept(fields))
    return ListRecord(
        position=position,
        title=title_read(fields.get("series_title", "")),
        ids=((site.value, mal_id),) if mal_id else (),
        state=state,
        said=frozenset({"status"} | {ours for theirs, ours in _FIELDS.items() if theirs in fields}),
        kind=kind_read(fields.get("series_type", "")),
        episode_count=count,
        extras={"mal": extras_read(extras)} if extras and not is_shikimori else {},
    )


def _status(fields: dict[str, str]) -> str:
    raw = fields.get("shiki_status") or fields.get("my_status") or ""
    found = STATUSES.get(" ".join(raw.split()).lower())
    if found is None:
        raise LineRefused("bad_status", raw)
    return found


def _date(fields: dict[str, str], name: str, extras: dict[str, Any]) -> str:
    """A date that is none (the month without the year) is kept as it stands, for the way back."""
    raw = fields.get(name, "").strip()
    try:
        return date_read(raw)
    except LineRefused:
        extras[name] = raw[:10]
        return ""


def _kept(fields: dict[str, str]) -> dict[str, str]:
    others = {
        name: value.strip()
        for name, value in fields.items()
        if name.startswith("my_") and name not in OURS and len(name) <= 40
    }
    return {name: value[:500] for name, value in others.items() if value and value != DEFAULTS.get(name)}
