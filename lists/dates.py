"""Dates of which only a part may be known: ISO 8601 of reduced precision, as text that sorts."""

import datetime
import re

_SHAPE = re.compile(r"\A(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2200


def partial_date_read(raw: str) -> str | None:
    """`raw` when it is "", "2024", "2024-05" or "2024-05-17" and such a day exists; else None."""
    if raw == "":
        return ""
    found = _SHAPE.match(raw)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        datetime.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    return raw


def partial_date_of(year: int | None, month: int | None = None, day: int | None = None) -> str:
    """What is known of a date, as other sites give it in three numbers (0 or None: not known); "" when that is no date."""
    if not year:
        return ""
    raw = f"{year:04d}" + (f"-{month:02d}" + (f"-{day:02d}" if day else "") if month else "")
    return partial_date_read(raw) or ""


def partial_date_parts(value: str) -> tuple[int | None, int | None, int | None]:
    """(year, month, day), None for what is not known."""
    year, month, day = (*value.split("-"), "", "")[:3] if value else ("", "", "")
    return int(year) if year else None, int(month) if month else None, int(day) if day else None
