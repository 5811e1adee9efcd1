"""Lists as MyAnimeList's API (v2) answers them: `GET /users/@me/animelist`."""

from typing import Any

from catalog.facade import Site
from lists.importing.fields import (
    date_read,
    episode_count_read,
    episodes_read,
    extras_read,
    id_read,
    moment_read,
    notes_read,
    rewatches_read,
    score_read,
    tags_read,
    whole_read,
)
from lists.importing.lines import LineRefused, lines_read, title_read
from lists.importing.readers.kinds import kind_read
from lists.importing.records import ListRecord, ReadList
from lists.models import EntryStatus
from lists.services.states import EntryState

STATUSES = {
    "watching": EntryStatus.WATCHING,
    "completed": EntryStatus.COMPLETED,
    "on_hold": EntryStatus.ON_HOLD,
    "dropped": EntryStatus.DROPPED,
    "plan_to_watch": EntryStatus.PLANNED,
}
PRIORITIES = ("LOW", "MEDIUM", "HIGH")
REWATCH_VALUES = ("", "Very Low", "Low", "Medium", "High", "Very High")
_FIELDS = {
    "score": "score",
    "num_episodes_watched": "episodes_watched",
    "num_watched_episodes": "episodes_watched",
    "num_times_rewatched": "rewatch_count",
    "start_date": "started_on",
    "finish_date": "finished_on",
    "comments": "notes",
    "tags": "tags",
}
"""The API leaves out what was not asked for, so only what stands there is said."""


def is_entry(line: object) -> bool:
    return isinstance(line, dict) and isinstance(line.get("node"), dict) and isinstance(line.get("list_status"), dict)


def read(root: dict[str, Any]) -> ReadList:
    return lines_read("mal_api", root["data"], read=_record, title_of=_title)


def _title(line: Any) -> object:
    return line["node"].get("title", "") if is_entry(line) else ""


def _record(position: int, line: Any) -> ListRecord:
    if not is_entry(line):
        raise LineRefused("not_an_entry")
    node, said = line["node"], line["list_status"]
    if "num_chapters_read" in said or "is_rereading" in said or "num_chapters" in node:
        raise LineRefused("manga")
    status = STATUSES.get(str(said.get("status")))
    if status is None:
        raise LineRefused("bad_status", said.get("status"))
    raw_tags = said.get("tags")
    tags, more_tags = tags_read(raw_tags if isinstance(raw_tags, list) else [])
    mal_id = id_read(node.get("id"))
    extras = _extras(said) | ({"tags": more_tags} if more_tags else {})
    return ListRecord(
        position=position,
        title=title_read(node.get("title", "")),
        ids=((Site.MAL.value, mal_id),) if mal_id else (),
        state=EntryState(
            status=EntryStatus.REWATCHING if said.get("is_rewatching") is True else status,
            score=score_read(said.get("score"), step=10),
            episodes_watched=episodes_read(said.get("num_episodes_watched", said.get("num_watched_episodes"))),
            rewatch_count=rewatches_read(said.get("num_times_rewatched")),
            started_on=date_read(said.get("start_date")),
            finished_on=date_read(said.get("finish_date")),
            notes=notes_read(said.get("comments")),
            tags=tags,
        ),
        said=frozenset({"status"} | {ours for theirs, ours in _FIELDS.items() if theirs in said}),
        kind=kind_read(node.get("media_type", "")),
        episode_count=episode_count_read(node.get("num_episodes")),
        updated_at=moment_read(said.get("updated_at")),
        extras={"mal": extras_read(extras)} if extras else {},
    )


def _extras(said: dict[str, Any]) -> dict[str, Any]:
    """In the words of the XML, which is what goes back there."""
    kept = {}
    for name, words, field in (
        ("priority", PRIORITIES, "my_priority"),
        ("rewatch_value", REWATCH_VALUES, "my_rewatch_value"),
    ):
        try:
            number = whole_read(said.get(name), highest=len(words) - 1, reason="")
        except LineRefused:
            continue
        if number:
            kept[field] = words[number]
    return kept
