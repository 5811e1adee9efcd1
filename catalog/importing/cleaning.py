"""Values out of untrusted JSON: text that every database takes, numbers in range, dates that exist."""

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_MAX_INT = 2_147_483_647


def text_of(value: Any, limit: int = 500) -> str:
    """One line of at most `limit` characters; "" for anything that is not text."""
    if not isinstance(value, str):
        return ""
    return _SPACE.sub(" ", _UNSTORABLE.sub("", value)).strip()[:limit].rstrip()


def prose_of(value: Any, limit: int = 20_000) -> str:
    """Text that keeps its line breaks; "" for anything that is not text."""
    if not isinstance(value, str):
        return ""
    return _UNSTORABLE.sub("", value).replace("\r\n", "\n").strip()[:limit]


def count_of(value: Any, limit: int = _MAX_INT) -> int | None:
    """A whole number from 0 to `limit`, else None. True and False are not numbers; "12" is."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and 0 <= value <= limit else None


def percent_of(value: Any) -> float | None:
    """A score of 0–10 as 0–100 with one decimal, else None; sites write 0 for "nobody has voted"."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 10:
        return None
    return round(value * 10, 1)


def date_of(value: Any) -> datetime.date | None:
    """The date at the start of an ISO date or time, else None."""
    if not isinstance(value, str) or len(value) < 10:
        return None
    try:
        return datetime.date.fromisoformat(value[:10])
    except ValueError:
        return None


def moment_of(value: Any) -> datetime.datetime | None:
    """An ISO time as an aware UTC time, else None; without an offset it is taken as UTC."""
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=datetime.UTC)
    try:
        return moment.astimezone(datetime.UTC)
    except OverflowError:
        return None


def url_of(value: Any, limit: int = 500) -> str:
    """An http or https address of at most `limit` characters, else ""."""
    if not isinstance(value, str) or len(value) > limit or _SPACE.search(value) or _UNSTORABLE.search(value):
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return value if parts.scheme in ("http", "https") and parts.netloc else ""


def items_of(value: Any) -> list[dict[str, Any]]:
    """The dictionaries of a list; [] for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def strings_of(value: Any) -> list[str]:
    """The strings of a list; [] for anything else."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def dict_of(value: Any) -> dict[str, Any]:
    """The dictionary itself; {} for anything else."""
    return value if isinstance(value, dict) else {}
