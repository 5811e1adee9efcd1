"""What the forms of an entry send, and what somebody changed in them.

A form says in its field `was` what it showed (JSON, {field: text}); only what differs is taken, so that a page which has
been open for a while does not put back what was changed elsewhere. Without `was` everything that is sent counts.
"""

import csv
import json
from collections.abc import Callable, Iterable
from typing import Any
from zlib import crc32

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import ValidationFailed
from lists.models import ListEntry
from lists.scores import score_read, score_shown
from lists.services.states import EntryState
from lists.tag_keys import TAG_LENGTH
from lists.templatetags.scores import score_hint

FLAGS = ("is_private", "is_favourite")
ROW_FIELDS = ("status", "score")
MENU_FIELDS = ("status", "score", "notes", *FLAGS)
ALL_FIELDS = (
    "status",
    "score",
    "episodes_watched",
    "rewatch_count",
    "started_on",
    "finished_on",
    "notes",
    "tags",
    *FLAGS,
)


def state_of(entry: ListEntry | None, *, with_tags: bool = True) -> EntryState | None:
    """The value of an entry that comes with its score and its tags, as `lists.access.entries_of` reads them.

    `with_tags=False` asks for no tags, for forms that do not show them.
    """
    if entry is None:
        return None
    score: int | None = getattr(entry, "score", None)
    return EntryState.of(entry, score=score, tags=tuple(tag.name for tag in entry.tags.all()) if with_tags else ())


def texts_of(state: EntryState, score_format: str) -> dict[str, str]:
    """{field: what its form field shows}; a flag is "on" or ""."""
    return {
        "status": state.status,
        "score": score_shown(state.score, score_format),
        "episodes_watched": str(state.episodes_watched),
        "rewatch_count": str(state.rewatch_count),
        "started_on": state.started_on,
        "finished_on": state.finished_on,
        "notes": state.notes,
        "tags": tags_text(state.tags),
        "is_private": "on" if state.is_private else "",
        "is_favourite": "on" if state.is_favourite else "",
    }


def was_of(texts: dict[str, str], names: Iterable[str]) -> str:
    """The value of the field `was`. Long texts stand there as their checksum."""
    return json.dumps({name: _brief(texts[name]) for name in names}, ensure_ascii=False)


def tags_text(tags: Iterable[str]) -> str:
    """Tags in one line; one that holds a comma stands in quotes."""
    lines = _Line()
    csv.writer(lines, lineterminator="").writerow(list(tags))
    return lines.text.replace(",", ", ") if not any("," in tag for tag in tags) else lines.text


def tags_read(raw: str) -> list[str]:
    """The words of such a line. ValueError for a word that is longer than the reader of lines takes."""
    try:
        words = next(csv.reader([" ".join(raw.split())], skipinitialspace=True), [])
    except csv.Error as error:
        raise ValueError(_("At most %(limit)s characters.") % {"limit": TAG_LENGTH}) from error
    return [word.strip() for word in words if word.strip()]


def wanted_of(data: QueryDict, *, score_format: str, names: Iterable[str] = ALL_FIELDS) -> dict[str, Any]:
    """{field: value} of what was changed, in the words of `EntryState`. Raises `ValidationFailed` for what is no value."""
    wanted, wrong = fields_read(data, score_format=score_format, names=names)
    if wrong:
        raise ValidationFailed(wrong)
    return wanted


def fields_read(
    data: QueryDict, *, score_format: str, names: Iterable[str] = ALL_FIELDS
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Like `wanted_of`, with what is no value beside it: ({field: value}, {field: what is wrong})."""
    was = _was(data.get("was", ""))
    wanted: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for name in names:
        if name not in data and name not in was:
            continue
        raw = _plain(data.get(name, ""))
        if name in was and was[name] == _brief(raw):
            continue
        try:
            wanted[name] = score_of(raw, score_format) if name == "score" else _READ.get(name, str)(raw)
        except ValueError as error:
            wrong[name] = [str(error)]
    return wanted, wrong


def score_of(raw: str, score_format: str) -> int | None:
    """`lists.scores.score_read` whose ValueError is told to people."""
    try:
        return score_read(raw, score_format)
    except ValueError as error:
        raise ValueError(_("A score in your format: %(hint)s.") % {"hint": score_hint(score_format)}) from error


def _whole(raw: str) -> int:
    text = raw.strip() or "0"
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError(_("A whole number."))
    return int(text)


def _plain(raw: str) -> str:
    """Browsers send texts with the line ends of mail."""
    return raw.replace("\r\n", "\n").replace("\r", "\n")


def _brief(text: str) -> str:
    return text if len(text) <= 60 else f"crc {crc32(_plain(text).encode(errors='replace'))}"


def _was(raw: str) -> dict[str, str]:
    try:
        found = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


class _Line:
    """What `csv.writer` writes, as text."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


def _flag(raw: str) -> bool:
    return raw in ("on", "true", "1")


_READ: dict[str, Callable[[str], Any]] = {
    "episodes_watched": _whole,
    "rewatch_count": _whole,
    "started_on": str.strip,
    "finished_on": str.strip,
    "tags": tags_read,
    "is_private": _flag,
    "is_favourite": _flag,
}
