"""What may be said of an anime on a list: every door's input is held to this, before anything is changed."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.errors import ValidationFailed
from lists.dates import partial_date_read
from lists.models import EntryStatus
from lists.models.entries import EPISODES_LIMIT, NOTES_TYPED, REWATCHES_LIMIT, TAGS_LIMIT
from lists.services.states import FIELDS, EntryState
from lists.tag_keys import TAG_LENGTH, tag_key

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""No database takes these: NUL, halves of characters."""


def changes_check(wanted: Mapping[str, Any], *, before: EntryState | None, episode_count: int | None) -> dict[str, Any]:
    """`wanted` cleaned (tags sorted and without doubles, texts trimmed). Raises `ValidationFailed` naming every bad field.

    A value that the entry has already passes: what an import or an older catalogue left is not refused on the way.
    """
    clean: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for name, value in wanted.items():
        if name not in FIELDS:
            wrong[name] = [_("This field cannot be set.")]
            continue
        if before is not None and value == getattr(before, name):
            clean[name] = getattr(before, name)
            continue
        try:
            clean[name] = _CHECKS[name](value, episode_count)
        except ValueError as error:
            wrong[name] = [str(error)]
    if _ends_too_early(clean, before):
        wrong["finished_on"] = [_("It ends before it starts.")]
    if wrong:
        raise ValidationFailed(wrong)
    return clean


def _ends_too_early(clean: Mapping[str, Any], before: EntryState | None) -> bool:
    """Compared as far as both dates are known, and only where one of them is said anew."""
    old = before or EntryState()
    start, end = clean.get("started_on", old.started_on), clean.get("finished_on", old.finished_on)
    if (start, end) == (old.started_on, old.finished_on) or not start or not end:
        return False
    return bool(end[: len(start)] < start[: len(end)])


def _status(value: Any, count: int | None) -> str:
    if value not in EntryStatus.values:
        raise ValueError(_("One of: %(names)s.") % {"names": ", ".join(EntryStatus.values)})
    return str(value)


def _whole(value: Any, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= highest:
        raise ValueError(_("A whole number from 0 to %(highest)s.") % {"highest": highest})
    return value


def _score(value: Any, count: int | None) -> int | None:
    return None if value is None else _whole(value, 100)


def _episodes(value: Any, count: int | None) -> int:
    return _whole(value, count or EPISODES_LIMIT)


def _rewatches(value: Any, count: int | None) -> int:
    return _whole(value, REWATCHES_LIMIT)


def _date(value: Any, count: int | None) -> str:
    found = partial_date_read(value) if isinstance(value, str) else "" if value is None else None
    if found is None:
        raise ValueError(_("A date like 2024-05-17, or as much of it as you know: 2024-05, 2024."))
    return found


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str) or _UNSTORABLE.search(value):
        raise ValueError(_("A text."))
    text = value.strip()
    if len(text) > limit:
        raise ValueError(_("At most %(limit)s characters.") % {"limit": limit})
    return text


def _notes(value: Any, count: int | None) -> str:
    return _text(value, NOTES_TYPED)


def _flag(value: Any, count: int | None) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("Yes or no."))
    return value


def _tags(value: Any, count: int | None) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise ValueError(_("A list of words."))
    names: dict[str, str] = {}
    for raw in value:
        if name := " ".join(_text(raw, TAG_LENGTH).split()):
            names.setdefault(tag_key(name), name)
    if len(names) > TAGS_LIMIT:
        raise ValueError(_("At most %(limit)s tags.") % {"limit": TAGS_LIMIT})
    return tuple(sorted(names.values()))


_CHECKS = {
    "status": _status,
    "score": _score,
    "episodes_watched": _episodes,
    "rewatch_count": _rewatches,
    "started_on": _date,
    "finished_on": _date,
    "notes": _notes,
    "is_private": _flag,
    "is_favourite": _flag,
    "tags": _tags,
}
