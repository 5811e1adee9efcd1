"""Kitsu: library entries of its JSON:API with the included anime and their mappings."""

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
)
from lists.importing.lines import Leftover, LineRefused, leftovers_of, lines_read, title_read
from lists.importing.readers import hiroba
from lists.importing.readers.kinds import kind_read
from lists.importing.records import ListRecord, ReadList
from lists.models import EntryStatus
from lists.services.states import EntryState

TYPES = frozenset({"libraryEntries", "library-entries"})
STATUSES = {
    "current": EntryStatus.WATCHING,
    "planned": EntryStatus.PLANNED,
    "completed": EntryStatus.COMPLETED,
    "on_hold": EntryStatus.ON_HOLD,
    "dropped": EntryStatus.DROPPED,
}
_MAPPED = {
    "myanimelist/anime": Site.MAL,
    "anilist/anime": Site.ANILIST,
    "anilist": Site.ANILIST,
    "anidb": Site.ANIDB,
}
_FIELDS = {
    "ratingTwenty": "score",
    "rating": "score",
    "progress": "episodes_watched",
    "reconsumeCount": "rewatch_count",
    "startedAt": "started_on",
    "finishedAt": "finished_on",
    "notes": "notes",
    "private": "is_private",
}

Included = dict[tuple[str, str], dict[str, Any]]


def is_entry(line: Any) -> bool:
    return isinstance(line, dict) and str(line.get("type")) in TYPES


def read(root: dict[str, Any]) -> ReadList:
    included: Included = {}
    raw = root.get("included")
    for one in raw if isinstance(raw, list) else []:
        if isinstance(one, dict):
            included[str(one.get("type")), str(one.get("id"))] = one
    return lines_read(
        "kitsu",
        [*root["data"], *leftovers_of(root.get("meta"))],
        read=lambda position, line: _line_read(position, line, included),
        title_of=lambda line: _line_title(line, included),
    )


def _line_read(position: int, line: Any, included: Included) -> ListRecord:
    if isinstance(line, Leftover):
        return hiroba.line_read(position, line.line)
    return _record(position, line, included)


def _line_title(line: Any, included: Included) -> object:
    if isinstance(line, Leftover):
        return hiroba.line_title(line.line)
    return _title(_anime_of(line, included)[1]) if is_entry(line) else ""


def _part(of: Any, *names: str) -> dict[str, Any]:
    """The object at a path of names; {} where something on the way is none."""
    for name in names:
        of = of.get(name) if isinstance(of, dict) else None
    return of if isinstance(of, dict) else {}


def _anime_of(line: dict[str, Any], included: Included) -> tuple[str, dict[str, Any]]:
    """(Kitsu's id, the included anime or {}). Raises `LineRefused` for manga."""
    for name in ("anime", "media"):
        data = _part(line, "relationships", name, "data")
        if data.get("type") == "manga":
            break
        if data.get("type") == "anime":
            return id_read(data.get("id")), included.get(("anime", str(data.get("id"))), {})
    if _part(line, "relationships", "manga", "data") or _part(line, "relationships", "media", "data"):
        return "manga", {}
    return "", {}


def _record(position: int, line: Any, included: Included) -> ListRecord:
    """Ratings are 2–20, 5 of ours each; `reconsuming` is a rewatch whatever the status says."""
    if not is_entry(line):
        raise LineRefused("not_an_entry")
    said = _part(line, "attributes")
    kitsu_id, anime = _anime_of(line, included)
    if kitsu_id == "manga":
        raise LineRefused("manga")
    status = STATUSES.get(str(said.get("status")))
    if status is None:
        raise LineRefused("bad_status", said.get("status"))
    extras = _extras(line, said, kitsu_id)
    facts = _part(anime, "attributes")
    return ListRecord(
        position=position,
        title=_title(anime),
        ids=_ids(kitsu_id, anime, included),
        state=EntryState(
            status=EntryStatus.REWATCHING if said.get("reconsuming") is True else status,
            score=_score(said),
            episodes_watched=episodes_read(said.get("progress")),
            rewatch_count=rewatches_read(said.get("reconsumeCount")),
            started_on=date_read(said.get("startedAt")),
            finished_on=date_read(said.get("finishedAt")),
            notes=notes_read(said.get("notes")),
            is_private=said.get("private") is True,
        ),
        said=frozenset({"status"} | {ours for theirs, ours in _FIELDS.items() if theirs in said}),
        kind=kind_read(facts.get("subtype") or facts.get("showType") or ""),
        episode_count=episode_count_read(facts.get("episodeCount")),
        created_at=moment_read(said.get("createdAt")),
        updated_at=moment_read(said.get("updatedAt")),
        extras={"kitsu": extras_read(extras)} if extras else {},
    )


def _score(said: dict[str, Any]) -> int | None:
    """`rating` is the older field: "4.5" of five stars."""
    if said.get("ratingTwenty") is not None:
        return score_read(said["ratingTwenty"], step=5, highest=20)
    return score_read(said.get("rating"), step=20, highest=5)


def _ids(kitsu_id: str, anime: dict[str, Any], included: Included) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    links = _part(anime, "relationships", "mappings").get("data")
    for link in links if isinstance(links, list) else []:
        mapping = _part(
            included.get(("mappings", str(link.get("id"))), {}) if isinstance(link, dict) else {}, "attributes"
        )
        site = _MAPPED.get(str(mapping.get("externalSite")))
        value = id_read(mapping.get("externalId"))
        if site and value:
            found.setdefault(site.value, value)
    if kitsu_id:
        found[Site.KITSU.value] = kitsu_id
    order = (Site.MAL, Site.ANILIST, Site.ANIDB, Site.KITSU)
    return tuple((site.value, found[site.value]) for site in order if site.value in found)


def _title(anime: dict[str, Any]) -> str:
    facts = _part(anime, "attributes")
    titles = _part(facts, "titles")
    names = (facts.get("canonicalTitle"), titles.get("en_jp"), titles.get("en"), titles.get("ja_jp"), facts.get("slug"))
    return next((title_read(name) for name in names if name), "")


def _extras(line: dict[str, Any], said: dict[str, Any], kitsu_id: str) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if id_read(line.get("id")) not in ("", kitsu_id):
        kept["id"] = id_read(line["id"])
    for name, default in (("progressedAt", None), ("reactionSkipped", "unskipped")):
        value = said.get(name)
        if isinstance(value, str) and value and value != default:
            kept[name] = value[:100]
    return kept
