"""Values as services write them: words for types, scores as text or of a hundred, days in parts, prose with markup."""

import datetime
import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from catalog.facade import AnimeKind, ScoreDraft, cleaning, season_of

YOUTUBE = "https://www.youtube.com/watch?v="
_KINDS = frozenset(AnimeKind.values) - {AnimeKind.UNKNOWN}

_BREAK = re.compile(r"<br\s{0,5}/?>\s?", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,1000}>")
_BLANKS = re.compile(r"\n{3,}")


def choice_of(table: Mapping[str, Any], value: Any) -> str:
    """What a word stands for by a table of words in small letters, "" for others."""
    return str(table.get(cleaning.text_of(value, 30).lower(), ""))


def kind_of(value: Any) -> str:
    """The type of a service that has the catalogue's own words for types ("tv", "TV_SHORT"), "" for other words."""
    word = cleaning.text_of(value, 30).lower()
    return word if word in _KINDS else ""


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


def scores_of(site: str, value: Any, *, of: int, votes: Iterable[Any]) -> list[ScoreDraft]:
    """The score of a site with the sum of its `votes` (counts by mark); none where nobody has voted."""
    score = score_of(value, of=of)
    given = sum(cleaning.count_of(count) or 0 for count in votes) or None
    return [] if score is None else [ScoreDraft(site, score, given)]


def aired_of(start: Any, end: Any) -> dict[str, Any]:
    """Fields of the first and the last day; season and year are those of the first."""
    first = cleaning.date_of(start)
    return {
        "start_date": first,
        "end_date": cleaning.date_of(end),
        "season": season_of(first) if first else "",
        "year": first.year if first else None,
    }


def trailer_of(where: str | None, video: Any) -> str:
    """The address of a video by its id at `where` (None: a place that is not ours); "" for what is no id."""
    name = cleaning.text_of(video, 40)
    is_plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return f"{where}{name}" if where and is_plain else ""


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
