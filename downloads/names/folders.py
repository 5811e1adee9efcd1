"""A file's name together with the folders that it lies in: what the name leaves out is read off them."""

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from downloads.names.known import KnownTitles, words_of
from downloads.names.parsed import ParsedName
from downloads.names.parser import name_parse
from downloads.names.tokens import KIND, SEASON, SEASON_WORD, Draft
from downloads.names.words import KINDS

# Folders nearer than this many levels are asked; deeper ones belong to the disk, not to the show.
LEVELS: Final = 3
_SEPARATOR = re.compile(r"[/\\]+")
# What lies here is no episode, or is beside the episodes.
_EXTRAS: Final[dict[str, str]] = {
    "featurettes": "other",
    "extras": "other",
    "bonus": "other",
    "scans": "other",
    "behind the scenes": "other",
    "deleted scenes": "other",
    "interviews": "other",
    "shorts": "other",
    "samples": "other",
    "theme songs": "credits",
    "openings": "credits",
    "endings": "credits",
    "creditless": "credits",
    "specials": "special",
    "season 00": "special",
    "season 0": "special",
    "trailers": "trailer",
    "pvs": "trailer",
    "cms": "trailer",
    "sps": "special",
    "映像特典": "other",
}


def path_parse(path: str, known: KnownTitles | None = None) -> ParsedName:
    """`Show (2019)/Season 02/03.mkv` read as one: title, season and year from the folders where the file's name has none.

    `name` is the whole path. A folder of extras (NCOP, Specials, Extras, …) tells the kind of a file that tells none itself.
    """
    *folders, file = [part for part in _SEPARATOR.split(path) if part not in ("", ".", "..")] or [""]
    parsed = name_parse(file, known)
    title, season, year, group, kind = parsed.title, parsed.season, parsed.year, parsed.group, parsed.kind
    series = parsed.series
    for folder in reversed(folders[-LEVELS:]):
        extra = _extra_of(folder)
        if extra:
            kind = extra if kind == "regular" else kind
            season = 0 if season is None and extra == "special" else season
            continue
        of_folder = _folder_read(folder)
        if season is None:
            season = of_folder.season
        if not of_folder.title:
            continue
        if not title:
            title, series = of_folder.title, of_folder.series
        elif not _is_same(title, of_folder.title):
            break
        year = of_folder.year if year is None else year
        group = group or of_folder.group
        break
    is_absolute = parsed.absolute and season is None and kind == "regular"
    return replace(
        parsed,
        name=path,
        title=title,
        series=series,
        season=season,
        year=year,
        group=group,
        kind=kind,
        absolute=is_absolute,
    )


@lru_cache(maxsize=256)
def _extra_of(folder: str) -> str:
    """The kind that a folder of extras stands for; "" for another folder."""
    lower = " ".join(folder.lower().replace("_", " ").replace("-", " ").split())
    if lower in _EXTRAS:
        return _EXTRAS[lower]
    words = [word.rstrip("0123456789") for word in re.split(r"[\s&+,]+", lower) if word]
    kinds = [KINDS.get(word) or KINDS.get(word.removesuffix("s")) for word in words if word and word != "and"]
    return kinds[0] or "" if kinds and all(kinds) else ""


@lru_cache(maxsize=256)
def _folder_read(folder: str) -> ParsedName:
    """A folder as a name: "Season 02" and "S2" have a season and no title, a lone number counts as a season's."""
    items = Draft(folder).items
    if len(items) == 1 and folder.isdecimal() and len(folder) < 3:
        return ParsedName(folder, season=int(folder))
    parsed = name_parse(folder)
    if items and items[0].role in (SEASON, SEASON_WORD, KIND) and parsed.season is not None:
        return replace(parsed, title="", series="")
    return parsed


def _is_same(title: str, folder: str) -> bool:
    """One is the beginning of the other: the folder is this show's and no heap of many."""
    ours, theirs = words_of(title), words_of(folder)
    length = min(len(ours), len(theirs))
    return length > 0 and ours[:length] == theirs[:length]


__all__ = ["path_parse"]
