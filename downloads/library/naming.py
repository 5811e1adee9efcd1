"""The one place where the library asks what a path says: `names` reads, the scan keeps what it said."""

import re
from dataclasses import fields, replace
from typing import Any

from catalog.facade import Names, names_of
from downloads.library.paths import path_raw
from downloads.names.folders import path_parse
from downloads.names.known import KnownTitles
from downloads.names.parsed import ParsedName

_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_FIELDS = tuple(field.name for field in fields(ParsedName))


def titles_known(names: Names | None = None) -> KnownTitles:
    """The catalogue's titles that hold numbers, so that they are not read as episodes; about a second for the whole catalogue."""
    return KnownTitles(name.text for name in (names or names_of()).names)


def path_read(path: str, known: KnownTitles | None = None) -> ParsedName:
    """What a stored path says (folders count too); a name that says nothing has no title.

    Bytes that are no text, and control characters, are read as blanks.
    """
    plain = _ODD.sub(" ", path_raw(path)) if "\\" in path else path
    return replace(path_parse(plain, known), name=path)


def name_stored(name: ParsedName) -> dict[str, Any]:
    """What a row keeps: the fields that say something."""
    told = ((key, getattr(name, key)) for key in _FIELDS)
    return {key: list(value) if key == "episodes" else value for key, value in told if value not in (None, "", False)}


def name_from(stored: dict[str, Any]) -> ParsedName:
    """The inverse of `name_stored`; what an older version kept besides is left out."""
    first_last = stored.get("episodes")
    episodes = (int(first_last[0]), int(first_last[1])) if first_last else None
    known = {key: value for key, value in stored.items() if key in _FIELDS}
    return ParsedName(**{"name": "", **known, "episodes": episodes})
