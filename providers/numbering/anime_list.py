"""Reads `anime-list-master.xml`: how AniDB's numbers of a series stand at TheTVDB."""

import re
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element  # a type only; parsing is defusedxml's

from core.archives import xml_read
from core.media.errors import ArchiveRefused
from providers.numbering.reading import MAX_BYTES, NumberingUnreadable

_NUMBER = re.compile(r"-?[0-9]{1,9}")
_SEASON = re.compile(r"[0-9]{1,3}|a")
_PAIR = re.compile(r"([0-9]{1,6})-([0-9]{1,6}(?:\+[0-9]{1,6})*)")


@dataclass(frozen=True, slots=True)
class SeriesDraft:
    """One series; its fields are those of `SeriesNumbering`."""

    anidb_id: int
    tvdb_id: int
    default_season: str
    offset: int
    mappings: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AnimeListRead:
    """The series that TheTVDB has; `elsewhere` it has not (films, OVAs, unknown)."""

    series: tuple[SeriesDraft, ...]
    elsewhere: int = 0


def anime_list_read(data: bytes) -> AnimeListRead:
    """The series of the document. Raises `NumberingUnreadable`, which names the entry."""
    try:
        root = xml_read(data, max_bytes=MAX_BYTES)
    except ArchiveRefused as error:
        raise NumberingUnreadable(str(error)) from error
    if root.tag != "anime-list":
        raise NumberingUnreadable("no list of anime")
    found: dict[int, SeriesDraft] = {}
    elsewhere = 0
    for place, entry in enumerate(root.iterfind("anime"), 1):
        anidb_id = _number(entry, "anidbid", place)
        if not anidb_id or anidb_id in found:
            raise NumberingUnreadable(f"an AniDB id that is missing or stands there twice: {anidb_id}", place)
        if not (entry.get("tvdbid") or "").isdecimal():
            elsewhere += 1
            continue
        found[anidb_id] = SeriesDraft(
            anidb_id=anidb_id,
            tvdb_id=_number(entry, "tvdbid", place) or 0,
            default_season=_season(entry, "defaulttvdbseason", place),
            offset=_number(entry, "episodeoffset", place) or 0,
            mappings=[made for row in entry.iterfind("mapping-list/mapping") if (made := _mapping(row, place))],
        )
    return AnimeListRead(tuple(found.values()), elsewhere)


def _mapping(row: Element, place: int) -> dict[str, Any] | None:
    """One exception, as `SeriesNumbering.mappings` keeps it; None for one of another site than TheTVDB."""
    if not row.get("tvdbseason"):
        return None
    return {
        "anidb_season": _number(row, "anidbseason", place) or 0,
        "tvdb_season": _number(row, "tvdbseason", place) or 0,
        "start": _number(row, "start", place),
        "end": _number(row, "end", place),
        "offset": _number(row, "offset", place) or 0,
        "pairs": _pairs(row.text or "", place),
    }


def _pairs(text: str, place: int) -> dict[str, list[int]]:
    """{AniDB's number: TheTVDB's numbers} of ";1-4;2-5+6;"."""
    pairs: dict[str, list[int]] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        pair = _PAIR.fullmatch(part)
        if pair is None:
            raise NumberingUnreadable(f"no pair of numbers: {part[:40]}", place)
        pairs[str(int(pair[1]))] = [int(number) for number in pair[2].split("+")]
    return pairs


def _number(element: Element, name: str, place: int) -> int | None:
    text = (element.get(name) or "").strip()
    if text and not _NUMBER.fullmatch(text):
        raise NumberingUnreadable(f"{name}: {text[:40]}", place)
    return int(text) if text else None


def _season(element: Element, name: str, place: int) -> str:
    text = (element.get(name) or "").strip()
    if text and not _SEASON.fullmatch(text):
        raise NumberingUnreadable(f"{name}: {text[:40]}", place)
    return text
