"""AniList: the answer to its GraphQL query MediaListCollection."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog.facade import Site
from lists.importing.fields import (
    date_of_parts,
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
from lists.importing.lines import Leftover, LineRefused, leftovers_of, lines_read, title_read
from lists.importing.readers import hiroba
from lists.importing.readers.kinds import kind_read
from lists.importing.records import ListRecord, ReadList
from lists.models import EntryStatus
from lists.services.states import EntryState

STATUSES = {
    "CURRENT": EntryStatus.WATCHING,
    "PLANNING": EntryStatus.PLANNED,
    "COMPLETED": EntryStatus.COMPLETED,
    "DROPPED": EntryStatus.DROPPED,
    "PAUSED": EntryStatus.ON_HOLD,
    "REPEATING": EntryStatus.REWATCHING,
}
STARS = {1: 10, 2: 30, 3: 50, 4: 70, 5: 90}
SMILEYS = {1: 35, 2: 60, 3: 85}
"""What AniList itself stores for stars and smileys (0–100)."""
_HIGHEST = {"POINT_100": 100, "POINT_10": 10, "POINT_10_DECIMAL": 10, "POINT_5": 5, "POINT_3": 3}
_MANGA = frozenset({"MANGA", "NOVEL", "ONE_SHOT"})
_FIELDS = {
    "score": "score",
    "progress": "episodes_watched",
    "repeat": "rewatch_count",
    "startedAt": "started_on",
    "completedAt": "finished_on",
    "notes": "notes",
    "private": "is_private",
    "customLists": "tags",
}


@dataclass
class _Line:
    """An entry with the names of the custom lists in which it stood."""

    entry: Any
    folders: list[str]
    is_only_in_folders: bool


def collection_of(root: Any) -> dict[str, Any] | None:
    """The collection within an answer, its `data`, or by itself; None when there is none."""
    for candidate in (root, root.get("data"), root.get("MediaListCollection")):
        if isinstance(candidate, dict):
            found = candidate.get("MediaListCollection", candidate)
            if isinstance(found, dict) and _is_collection(found):
                return found
    data = root.get("data")
    inner = data.get("MediaListCollection") if isinstance(data, dict) else None
    return inner if isinstance(inner, dict) and _is_collection(inner) else None


def _is_collection(found: dict[str, Any]) -> bool:
    lists = found.get("lists")
    return isinstance(lists, list) and all(
        isinstance(one, dict) and isinstance(one.get("entries"), list) for one in lists
    )


def read(root: dict[str, Any], collection: dict[str, Any]) -> ReadList:
    """An entry of several custom lists is one line; the lists' names are its tags."""
    lines = list(_lines(collection["lists"]))
    user = collection.get("user")
    user = user if isinstance(user, dict) else {}
    format = _score_format(user, [line.entry.get("score") for line in lines if isinstance(line.entry, dict)])
    return lines_read(
        "anilist",
        [*lines, *leftovers_of(root)],
        read=lambda position, line: _line_read(position, line, format),
        title_of=_line_title,
        owner_name=str(user.get("name") or ""),
    )


def _line_read(position: int, line: _Line | Leftover, format: str) -> ListRecord:
    if isinstance(line, Leftover):
        return hiroba.line_read(position, line.line)
    return _record(position, line, format)


def _line_title(line: _Line | Leftover) -> object:
    if isinstance(line, Leftover):
        return hiroba.line_title(line.line)
    return _title(line.entry.get("media")) if isinstance(line.entry, dict) else ""


def _lines(lists: list[dict[str, Any]]) -> Iterator[_Line]:
    known: dict[str, _Line] = {}
    more: list[_Line] = []
    for one in lists:
        is_folder = one.get("isCustomList") is True or ("status" in one and one["status"] is None)
        name = str(one.get("name") or "") if is_folder else ""
        for position, entry in enumerate(one["entries"]):
            key = _key(entry) or f"{id(one)}:{position}"
            there = known.get(key)
            if there is None:
                known[key] = _Line(entry, [name] if name else [], is_only_in_folders=is_folder)
            elif is_folder or there.is_only_in_folders:
                there.folders.extend([name] if name else [])
                there.is_only_in_folders &= is_folder
            else:
                more.append(_Line(entry, [], is_only_in_folders=False))
    yield from known.values()
    yield from more


def _key(entry: Any) -> str:
    if not isinstance(entry, dict):
        return ""
    media = entry.get("media")
    return id_read(entry.get("mediaId") or (media.get("id") if isinstance(media, dict) else None))


def _score_format(user: dict[str, Any], scores: list[Any]) -> str:
    """The person's format; POINT_100 where a score does not fit into it, POINT_10_DECIMAL where none is named."""
    options = user.get("mediaListOptions")
    named = str(options.get("scoreFormat")) if isinstance(options, dict) else ""
    found = named if named in _HIGHEST else "POINT_10_DECIMAL"
    numbers = [score for score in scores if isinstance(score, int | float) and not isinstance(score, bool)]
    return "POINT_100" if any(score > _HIGHEST[found] for score in numbers) else found


def _score(value: Any, format: str) -> int | None:
    if format in ("POINT_100", "POINT_10", "POINT_10_DECIMAL"):
        return score_read(value, step=100 // _HIGHEST[format], highest=_HIGHEST[format])
    step = whole_read(value, highest=_HIGHEST[format], reason="bad_score")
    return (STARS if format == "POINT_5" else SMILEYS).get(step)


def _record(position: int, line: _Line, format: str) -> ListRecord:
    entry = line.entry
    if not isinstance(entry, dict):
        raise LineRefused("not_an_entry")
    raw_media = entry.get("media")
    media: dict[str, Any] = raw_media if isinstance(raw_media, dict) else {}
    if media.get("type") == "MANGA" or str(media.get("format")) in _MANGA:
        raise LineRefused("manga")
    status = STATUSES.get(str(entry.get("status")))
    if status is None:
        raise LineRefused("bad_status", entry.get("status"))
    folders = [*folders_read(entry.get("customLists")), *line.folders]
    tags, more_tags = tags_read(folders)
    said = {"status"} | {ours for theirs, ours in _FIELDS.items() if theirs in entry}
    ids = ((Site.MAL, id_read(media.get("idMal"))), (Site.ANILIST, _key(entry)))
    extras = _extras(entry) | ({"tags": more_tags} if more_tags else {})
    return ListRecord(
        position=position,
        title=_title(media),
        ids=tuple((site.value, value) for site, value in ids if value),
        state=EntryState(
            status=status,
            score=_score(entry.get("score"), format),
            episodes_watched=episodes_read(entry.get("progress")),
            rewatch_count=rewatches_read(entry.get("repeat")),
            started_on=date_of_parts(entry.get("startedAt")),
            finished_on=date_of_parts(entry.get("completedAt")),
            notes=notes_read(entry.get("notes")),
            is_private=entry.get("private") is True,
            tags=tags,
        ),
        said=frozenset(said | ({"tags"} if tags else set())),
        kind=kind_read(media.get("format") or ""),
        episode_count=episode_count_read(media.get("episodes")),
        created_at=moment_read(entry.get("createdAt")),
        updated_at=moment_read(entry.get("updatedAt")),
        extras={"anilist": extras_read(extras)} if extras else {},
    )


def _title(media: Any) -> str:
    names = media.get("title") if isinstance(media, dict) else None
    if not isinstance(names, dict):
        return title_read(names) if isinstance(names, str) else ""
    return next(
        (title_read(names[name]) for name in ("romaji", "userPreferred", "english", "native") if names.get(name)), ""
    )


def folders_read(value: Any) -> list[str]:
    """Names of the custom lists an entry is in: {name: bool}, [{name, enabled}] or [name]."""
    if isinstance(value, dict):
        return [name for name, is_in in value.items() if is_in]
    found = []
    for one in value if isinstance(value, list) else []:
        if isinstance(one, dict) and one.get("enabled", True) and isinstance(one.get("name"), str):
            found.append(one["name"])
        elif isinstance(one, str):
            found.append(one)
    return found


def _extras(entry: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if entry.get("hiddenFromStatusLists") is True:
        kept["hiddenFromStatusLists"] = True
    scores = entry.get("advancedScores")
    if isinstance(scores, dict) and any(scores.values()) and len(scores) <= 100:
        kept["advancedScores"] = {str(name)[:100]: number for name, number in scores.items() if _is_number(number)}
    if _is_number(entry.get("priority")) and entry["priority"]:
        kept["priority"] = entry["priority"]
    return kept


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
