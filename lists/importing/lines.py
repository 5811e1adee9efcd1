"""From the lines of a file to a `ListRecord` or a `BadLine` each: what every reader shares."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext_lazy

from catalog.facade import Site, id_is_formed
from core.errors import Text
from lists.importing.errors import ListFileTooLarge, ListFileUnreadable
from lists.importing.records import BadLine, ListRecord, ReadList

LINES_LIMIT = 20_000
TITLE_LIMIT = 500
_ALONE = frozenset(str(site) for site in (Site.HIROBA, Site.MAL, Site.SHIKIMORI, Site.ANILIST, Site.KITSU))
"""Sites whose lists have one entry for a number."""

REASONS: Final[dict[str, Text]] = {
    "manga": gettext_lazy("A manga: lists here are of anime"),
    "not_anime": gettext_lazy("Neither anime nor manga: a film, a series or a game of another kind of list"),
    "duplicate": gettext_lazy("The same anime stands in the file already"),
    "another_viewing": gettext_lazy("Another viewing of the same anime"),
    "not_an_entry": gettext_lazy("Not an entry of a list"),
    "no_title": gettext_lazy("It names no anime: neither an id nor a title"),
    "bad_status": gettext_lazy("Its status is none that is known"),
    "bad_score": gettext_lazy("Its score is none of that site's"),
    "bad_episodes": gettext_lazy("Its number of episodes cannot be"),
    "bad_rewatches": gettext_lazy("Its number of rewatches cannot be"),
    "bad_date": gettext_lazy("One of its dates is no date"),
    "bad_extras": gettext_lazy("What it knows besides is larger than any entry's"),
    "too_many_unknown": gettext_lazy("More unknown titles than one import, or one person in a day, may bring"),
    "notes_too_long": gettext_lazy("Its notes are longer than 20,000 characters"),
}
"""Every reason of a `BadLine`, with what people read. Words are never renamed: clients and stored rows know them."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A line that a file of another site carries for us: an entry of our own format, of an anime that the site has not."""

    line: Any


def leftovers_of(root: Any) -> list[Leftover]:
    """Those that `x_hiroba.without_id` of a JSON object holds."""
    ours = root.get("x_hiroba") if isinstance(root, dict) else None
    found = ours.get("without_id") if isinstance(ours, dict) else None
    return [Leftover(line) for line in found] if isinstance(found, list) else []


class LineRefused(Exception):
    """A reader cannot take the line at hand; `reason` is a key of `REASONS`, `detail` the value that is wrong."""

    def __init__(self, reason: str, detail: object = "") -> None:
        self.reason = reason
        self.detail = str(detail).replace("\x00", "")[:200]
        super().__init__(reason)


def lines_read(
    format: str,
    lines: Iterable[Any],
    *,
    read: Callable[[int, Any], ListRecord],
    title_of: Callable[[Any], object],
    owner_name: str = "",
) -> ReadList:
    """Each line is tried with `read(position, line)`; positions count from 1. What `read` refuses becomes a `BadLine`; ids
    that look like none of their site's are left out.

    Raises `ListFileTooLarge` past 20,000 lines, `ListFileUnreadable` when no line is an entry at all.
    """
    records: list[ListRecord] = []
    bad: list[BadLine] = []
    seen: set[object] = set()
    for position, line in enumerate(lines, start=1):
        if position > LINES_LIMIT:
            raise ListFileTooLarge("too_many_lines", limit=LINES_LIMIT)
        try:
            record = read(position, line)
            ids = tuple(pair for pair in record.ids if id_is_formed(*pair))
            record = record if ids == record.ids else replace(record, ids=ids)
            if not record.ids and not record.title:
                raise LineRefused("no_title")
            key = _key(record)
            if key in seen:
                raise LineRefused("duplicate", ":".join(key))
        except LineRefused as refusal:
            bad.append(BadLine(position, title_read(title_of(line)), refusal.reason, refusal.detail))
            continue
        seen.add(key)
        records.append(record)
    if bad and not records and all(line.reason == "not_an_entry" for line in bad):
        raise ListFileUnreadable("no_entries")
    return ReadList(format=format, records=tuple(records), bad=tuple(bad), owner_name=title_read(owner_name)[:100])


def _key(record: ListRecord) -> tuple[str, ...]:
    """What no two lines may share. On sites where seasons and their parts may have one number, the title belongs to it."""
    if not record.ids:
        return (record.title.casefold(),)
    return record.ids[0] if record.ids[0][0] in _ALONE else (*record.ids[0], record.title.casefold())


def title_read(value: object) -> str:
    """A title or a name on one line, at most 500 characters; "" for what is no text."""
    return " ".join(str(value).replace("\x00", "").split())[:TITLE_LIMIT] if isinstance(value, str | int) else ""
