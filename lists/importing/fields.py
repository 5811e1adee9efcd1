"""Values of other sites in our units: numbers, scores, dates, times, notes, tags. A wrong one refuses its line."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from math import isfinite
from typing import Any

from django.utils.dateparse import parse_datetime

from lists.dates import partial_date_of, partial_date_read
from lists.importing.lines import LineRefused
from lists.models.entries import EPISODES_LIMIT, NOTES_STORED, REWATCHES_LIMIT, TAGS_LIMIT
from lists.tag_keys import TAG_LENGTH, tag_key

_DIGITS = re.compile(r"\A[0-9]{1,12}\Z")
_NO_DATE = frozenset({"", "0000-00-00", "0", "null", "None"})
_EXTRAS_DEPTH, _EXTRAS_MEMBERS = 4, 200
_LATEST_EPOCH = 7_258_118_400  # the year 2200: what is later was meant as milliseconds, or as nothing


def id_read(value: object) -> str:
    """The id of an anime elsewhere as digits without leading zeros; "" for none (0 is none)."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    text = str(value).strip()
    return text.lstrip("0") if _DIGITS.match(text) else ""


def whole_read(value: object, *, highest: int, reason: str) -> int:
    """A whole number from 0; nothing said is 0. 12.0 is 12."""
    if value is None or value == "":
        return 0
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise LineRefused(reason, value)
    text = str(value).strip().removesuffix(".0")
    if not _DIGITS.match(text) or int(text) > highest:
        raise LineRefused(reason, value)
    return int(text)


def episodes_read(value: object) -> int:
    return whole_read(value, highest=EPISODES_LIMIT, reason="bad_episodes")


def rewatches_read(value: object) -> int:
    return whole_read(value, highest=REWATCHES_LIMIT, reason="bad_rewatches")


def episode_count_read(value: object) -> int | None:
    """How many episodes the anime has, as the file says; None for unknown. A wrong one is nobody's opinion: None too."""
    try:
        return whole_read(value, highest=EPISODES_LIMIT, reason="") or None
    except LineRefused:
        return None


def score_read(value: object, *, step: int, highest: int = 10, is_zero_a_score: bool = False) -> int | None:
    """A score from 0 to `highest` as 0–100: times `step`, halves up. Nothing is no score, and so is 0 on most sites."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise LineRefused("bad_score", value)
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation as error:
        raise LineRefused("bad_score", value) from error
    if not number.is_finite() or not 0 <= number <= highest:
        raise LineRefused("bad_score", value)
    found = int((number * step).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return found if found or is_zero_a_score else None


def score_written(score: int | None, *, step: int) -> int:
    """0–100 in whole steps of another site, halves up; 0 is "no score" there, so ours is never written as 0."""
    return 0 if score is None else max(1, (score * 2 + step) // (step * 2))


def date_read(value: object) -> str:
    """A day "2024-05-17", with a time behind it or not, or with zeros for what is not known ("2020-05-00")."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LineRefused("bad_date", value)
    text = value.strip()[:10]
    if text in _NO_DATE:
        return ""
    known = text.removesuffix("-00").removesuffix("-00")
    found = partial_date_read(known)
    if found is None:
        raise LineRefused("bad_date", value)
    return found


def date_of_number(value: object) -> str:
    """AniList's 20240517, 20240500, 20240000; 0 is none."""
    number = whole_read(value, highest=99_999_999, reason="bad_date")
    if not number:
        return ""
    return _date_of(number // 10_000, number // 100 % 100, number % 100, value)


def date_of_parts(value: object) -> str:
    """AniList's {"year": 2024, "month": 5, "day": null}."""
    if value is None:
        return ""
    if not isinstance(value, dict):
        raise LineRefused("bad_date", value)
    year, month, day = (
        whole_read(value.get(name), highest=9999, reason="bad_date") for name in ("year", "month", "day")
    )
    return _date_of(year, month, day, value) if year else ""


def _date_of(year: int, month: int, day: int, value: object) -> str:
    found = partial_date_of(year, month, day)
    if not found:
        raise LineRefused("bad_date", value)
    return found


def moment_read(value: object) -> dt.datetime | None:
    """A time: seconds since 1970, or ISO 8601 (without a zone: UTC). What is none is nobody's opinion: None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return dt.datetime.fromtimestamp(value, tz=dt.UTC) if 0 < value < _LATEST_EPOCH else None
    if not isinstance(value, str):
        return None
    try:
        found = parse_datetime(value.strip())
        if found is None or not 1970 <= found.year < 2200:
            return None
        return (found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def notes_read(value: object) -> str:
    """What somebody wrote, untouched but for NULs and white space around it."""
    if value is None:
        return ""
    text = str(value).replace("\x00", "").strip() if isinstance(value, str | int | float) else ""
    if len(text) > NOTES_STORED:
        raise LineRefused("notes_too_long", len(text))
    return text


def tags_read(names: Iterable[object]) -> tuple[tuple[str, ...], list[str]]:
    """(tags that are kept as such, those too long or too many for it: they go into the extras), both sorted, once each."""
    spelled: dict[str, str] = {}
    for name in sorted({" ".join(name.replace("\x00", "").split()) for name in names if isinstance(name, str)} - {""}):
        spelled.setdefault(tag_key(name), name)
    found = sorted(spelled.values())
    kept = [name for name in found if len(name) <= TAG_LENGTH][:TAGS_LIMIT]
    return tuple(kept), [name for name in found if name not in kept]


def flag_read(value: object) -> bool:
    """Yes, in any of the ways in which files say it."""
    return value is True or value == 1 or str(value).strip().lower() in ("1", "true", "yes")


def extras_read(value: Any, *, depth: int = 0) -> Any:
    """What a file knows besides, as the database takes it: without NULs and infinities, at most four levels deep.

    Raises `LineRefused` for more than 200 members or deeper nesting, or texts of more than 20,000 characters.
    """
    if isinstance(value, dict | list):
        if depth > _EXTRAS_DEPTH or len(value) > _EXTRAS_MEMBERS:
            raise LineRefused("bad_extras")
        if isinstance(value, list):
            return [extras_read(one, depth=depth + 1) for one in value]
        return {str(extras_read(str(name))): extras_read(one, depth=depth + 1) for name, one in value.items()}
    if isinstance(value, str):
        if len(value) > NOTES_STORED:
            raise LineRefused("bad_extras")
        return value.replace("\x00", "")
    return None if isinstance(value, float) and not isfinite(value) else value
