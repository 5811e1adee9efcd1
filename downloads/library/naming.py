"""The one place where the library asks what a path says: `names.parser` reads, the scan keeps what it said."""

from dataclasses import fields
from typing import Any

from downloads.names.parsed import ParsedName

_FIELDS = tuple(field.name for field in fields(ParsedName))


def path_read(path: str) -> ParsedName:
    """What a path relative to the root says (folders count too); a name that says nothing has no title."""
    from downloads.names.parser import path_parse

    return path_parse(path)


def name_stored(name: ParsedName) -> dict[str, Any]:
    """What a row keeps: the fields that say something."""
    told = ((key, getattr(name, key)) for key in _FIELDS)
    return {key: list(value) if key == "episodes" else value for key, value in told if value not in (None, "", False)}


def name_from(stored: dict[str, Any]) -> ParsedName:
    """The inverse of `name_stored`."""
    first_last = stored.get("episodes")
    episodes = (int(first_last[0]), int(first_last[1])) if first_last else None
    return ParsedName(**{"name": "", **stored, "episodes": episodes})
