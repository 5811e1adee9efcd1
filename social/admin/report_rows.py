"""What was reported beside what it is now, field by field, for the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.errors import Text

_NAMES: dict[str, Text] = {
    "title": _("title"),
    "body": _("text"),
    "description": _("description"),
    "username": _("username"),
    "display_name": _("display name"),
    "bio": _("about"),
    "avatar": _("picture"),
    "cover": _("cover"),
    "author": _("author"),
    "category": _("category"),
    "visibility": _("visibility"),
    "anime": _("anime"),
    "about": _("under"),
    "episode": _("episode"),
    "is_spoiler": _("spoiler"),
    "spoils_episode": _("gives away episode"),
    "written_at": _("written"),
    "source": _("source that played"),
}
_ONCE = frozenset({"about", "written_at"})
"""What only the snapshot knows: no difference."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One field, as it was and as it is. `is_changed` is False where only one side knows it."""

    name: Text
    then: str
    now: str
    is_changed: bool


def compared(snapshot: dict[str, Any], now: dict[str, Any] | None) -> list[Compared]:
    """The fields of the snapshot in its order, without those that are empty on both sides."""
    rows = []
    for key, name in _NAMES.items():
        then, there = _text(snapshot.get(key), key), _text((now or {}).get(key), key)
        if then or there:
            is_known = now is not None and key in now and key in snapshot
            rows.append(Compared(name, then, there, is_known and then != there and key not in _ONCE))
    return rows


def _text(value: Any, key: str) -> str:
    if key == "written_at" and value:
        return date_format(datetime.fromisoformat(value), "DATETIME_FORMAT")
    if value is None or value is False or value == {}:
        return ""
    if value is True:
        return "✓"
    if isinstance(value, dict):
        return " · ".join(str(part) for part in value.values() if part not in ("", None, 0))
    return str(value)
