"""A file's name together with the folders that it lies in: what the name leaves out is read off them."""

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Final

from downloads.names.known import KnownTitles, words_of
from downloads.names.parsed import ParsedName
from downloads.names.parser import name_parse
from downloads.names.tokens import BRACKET, KIND, NUMBER, PLAIN, SEASON, SEASON_WORD, Draft, Item, Number
from downloads.names.words import KINDS

# Folders nearer than this many levels are asked; deeper ones belong to the disk, not to the show.
LEVELS: Final = 3
# A folder of a greater number alone is a title ("86").
SEASON_MAX: Final = 30
# Folders kept in memory; a scan meets the files of one folder in a row.
FOLDERS_MAX: Final = 256
_FOLDERS: Final[dict[tuple[str, bool], ParsedName]] = {}
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
    for above, folder in reversed(list(enumerate(folders[-LEVELS:]))):
        extra = _extra_of(folder)
        if extra:
            kind = extra if kind == "regular" else kind
            season = 0 if season is None and extra == "special" else season
            continue
        of_folder = _folder_kept(folder, known, is_top=above == 0)
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


def _folder_kept(folder: str, known: KnownTitles | None, *, is_top: bool) -> ParsedName:
    """`_folder_read`, kept for the next file of the same folder; what was read with other titles is not taken."""
    kept = _FOLDERS if known is None else known.folders
    found = kept.get((folder, is_top))
    if found is None:
        if len(kept) >= FOLDERS_MAX:
            kept.clear()
        found = kept[folder, is_top] = _folder_read(folder, known, is_top=is_top)
    return found


def _folder_read(folder: str, known: KnownTitles | None, *, is_top: bool) -> ParsedName:
    """A folder as a name: "Season 02" and "S2" have a season and no title; a lone number is a season's below another folder,
    else a title ("86 (2021)").
    """
    items = Draft(folder).items
    if not items:
        return ParsedName(folder)
    number = items[0].value if items[0].role == NUMBER else None
    if isinstance(number, Number) and not number.is_range and all(item.role == BRACKET for item in items[1:]):
        if len(items) == 1 and not is_top and number.first <= SEASON_MAX:
            return ParsedName(folder, season=number.first)
        return replace(name_parse(folder), title=items[0].text, series=items[0].text, episodes=None)
    parsed = name_parse(folder, known)
    if items[0].role in (SEASON, SEASON_WORD, KIND) and parsed.season is not None:
        return replace(parsed, title="", series="")
    closing = _closing_number(items, parsed)
    return name_parse(folder, KnownTitles([f"{parsed.title} {closing}"])) if closing else parsed


def _closing_number(items: list[Item], parsed: ParsedName) -> str:
    """A number that a folder's words end with belongs to the title, since a folder is no episode ("Mob Psycho 100 (2016)")."""
    if not parsed.title or parsed.episodes is None or parsed.episodes[0] != parsed.episodes[1]:
        return ""
    for before, item in pairwise(items):
        number = item.value if item.role == NUMBER else None
        if isinstance(number, Number) and number.first == parsed.episodes[0]:
            return item.text if before.role == PLAIN and item.text.isdecimal() and not number.is_padded else ""
    return ""


def _is_same(title: str, folder: str) -> bool:
    """One is the beginning of the other: the folder is this show's and no heap of many."""
    ours, theirs = words_of(title), words_of(folder)
    length = min(len(ours), len(theirs))
    return length > 0 and ours[:length] == theirs[:length]


__all__ = ["path_parse"]
