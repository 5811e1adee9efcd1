"""Values as services write them: scores as text or of a hundred, days in parts, prose with markup."""

import datetime
import html
import re
from typing import Any

from catalog.facade import cleaning

_BREAK = re.compile(r"<br\s{0,5}/?>\s?", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,1000}>")
_BLANKS = re.compile(r"\n{3,}")


def number_of(value: Any) -> float | None:
    """A number that may be written as text ("82.31"), else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not (len(value) < 12 and value.isascii() and value.replace(".", "", 1).isdigit()):
        return None
    return float(value)


def score_of(value: Any, *, of: int) -> float | None:
    """A score of 0–`of` as 0–100 with one decimal, else None; 0 is written where nobody has voted."""
    number = number_of(value)
    return round(number * 100 / of, 1) if number is not None and 0 < number <= of else None


def seconds_of(minutes: Any) -> int | None:
    """Whole minutes as seconds, None for none."""
    count = cleaning.count_of(minutes, 6_000)
    return count * 60 if count else None


def day_of(parts: Any) -> datetime.date | None:
    """The date of {"year", "month", "day"}; None while one of them is open."""
    given = cleaning.dict_of(parts)
    year, month, day = (cleaning.count_of(given.get(name), 9999) for name in ("year", "month", "day"))
    try:
        return datetime.date(year, month, day) if year and month and day else None
    except ValueError:
        return None


def plain_of(value: Any) -> str:
    """Prose without its markup: line breaks stay, tags go, entities become characters. Plain text, not safe HTML."""
    text = _BREAK.sub("\n", cleaning.prose_of(value))
    return cleaning.prose_of(_BLANKS.sub("\n\n", html.unescape(_TAG.sub("", text))))
