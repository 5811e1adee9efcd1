"""Why a file is refused as a whole: a stable code with its facts is kept, the words are of whoever reads them."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from core.errors import Text
from core.media.errors import ARCHIVE_REASONS

FILE_REASONS: Final[dict[str, Text]] = {
    "empty": _("The file is empty."),
    "no_format": _("It is neither XML nor JSON nor a table."),
    "no_entries": _("Not one line of it is an entry of a list."),
    "other_format": _("It is a list, but of the format “%(found)s”, not “%(wanted)s”."),
    "damaged": _("It was damaged on the way to us."),
    "lost": _("The file was lost on the way to us. Upload it again."),
    "too_many_lines": _("At most %(limit)s lines."),
    "too_many_bytes": _("At most %(limit)s MB."),
    "too_many_bytes_unpacked": _("At most %(limit)s MB unpacked."),
    "too_many_bytes_json": _("At most %(limit)s MB of JSON."),
    "too_many_values": _("It holds more values than any list."),
    "json_broken": _("The JSON is broken in line %(line)s, column %(column)s."),
    "json_no_list": _("It is JSON, but no list: %(what)s."),
    "looks_ranking": _("it looks like a ranking from MyAnimeList's API"),
    "looks_found": _("it looks like anime or manga found by MyAnimeList's API, which stand on nobody's list"),
    "looks_forum": _("it looks like a part of a forum"),
    "looks_error": _("it looks like the error of an API"),
    "looks_entry": _("it looks like one entry, without the anime it is about"),
    "looks_anime": _("it looks like a single anime or manga"),
    "looks_profile": _("it looks like somebody's profile"),
    "looks_members": _("its members are %(names)s"),
    "xml_broken": _("The XML is broken in line %(line)s."),
    "xml_no_list": _("It is XML, but no list: it begins with <%(tag)s>, not with <%(root)s>."),
    "xml_long_tag": _("A single tag of it is longer than any list."),
    "xml_entities": _("It holds a DTD or entities, which no list needs."),
    "xml_nested": _("Its elements are nested as no list's are."),
    "table_broken": _("The table is broken."),
    "table_no_list": _("It is a table, but not one of Yamtrack's: its columns are %(names)s."),
    "archive_in_archive": _("It is an archive within an archive."),
    "archive_many": _("The archive holds more than one file."),
    "archive_empty": _("The archive is empty."),
    "archive_bomb": _("It unpacks to far more than it is."),
    **{f"archive_{reason}": words for reason, words in ARCHIVE_REASONS.items()},
}
"""Codes are never renamed: stored imports know them. `what` is a reason itself: {"reason": code, **its facts}."""


def file_reason_words(reason: str, facts: Mapping[str, Any]) -> str:
    """The sentence in the language that is active; "" for a code that nobody knows (any more)."""
    words = FILE_REASONS.get(reason)
    if words is None:
        return ""
    said = {name: _fact_words(value) for name, value in facts.items()}
    try:
        return str(words) % said
    except (KeyError, ValueError):  # a stored row of another release
        return str(words)


def _fact_words(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return file_reason_words(str(value.get("reason", "")), {k: v for k, v in value.items() if k != "reason"})
