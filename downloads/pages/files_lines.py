"""Files of the library in words: what a name says, what it may be, what people and scans made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from downloads.library.selectors import SuggestedFile, Suggestion, suggestions_fill
from downloads.models import FileState, LibraryFile, LibraryScan, MatchedBy

KINDS = (
    ("regular", gettext_lazy("Episode")),
    ("special", gettext_lazy("Special")),
    ("credits", gettext_lazy("Credits")),
    ("trailer", gettext_lazy("Trailer")),
    ("parody", gettext_lazy("Parody")),
    ("other", gettext_lazy("Other")),
)
COUNTS = (
    ("seen", gettext_lazy("Files seen")),
    ("added", gettext_lazy("New")),
    ("changed", gettext_lazy("Changed")),
    ("moved", gettext_lazy("Moved")),
    ("gone", gettext_lazy("Gone")),
    ("matched", gettext_lazy("Recognised")),
    ("unmatched", gettext_lazy("Not recognised")),
    ("new_series", gettext_lazy("New series")),
    ("new_episodes", gettext_lazy("New episodes")),
)


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file. `first` and `last` are the numbers that its form begins with, "" where nothing says one.

    `words` say what the name says, `episodes` what the file is taken for; `by_person`: a person decided it and may take it back.
    """

    file: LibraryFile
    folder: str
    name: str
    size: str
    words: str
    episodes: str
    kind: str
    first: str
    last: str
    by_person: bool
    suggestions: tuple[Suggestion, ...]


def file_lines(files: Sequence[LibraryFile]) -> list[FileLine]:
    """Two queries for a page at most."""
    return [_line(one) for one in suggestions_fill(files)]


def _line(found: SuggestedFile) -> FileLine:
    file = found.file
    folder, _slash, name = file.path.rpartition("/")
    kind, first, last = _numbers(file)
    return FileLine(
        file=file,
        folder=folder,
        name=name,
        size=filesizeformat(file.size),
        words=said_words(file.parsed),
        episodes=episode_words(file),
        kind=kind,
        first=first,
        last=last,
        by_person=file.matched_by == MatchedBy.PERSON,
        suggestions=found.suggestions if file.state == FileState.UNMATCHED else (),
    )


def said_words(parsed: dict[str, Any]) -> str:
    """ "Toradora! · season 2 · episode 3 · 1080p · TaigaSubs"; what the name does not say is left out."""
    title = str(parsed.get("title", ""))
    if not title and not parsed.get("episodes"):
        return ""
    kind = str(parsed.get("kind", "regular"))
    year, season, height = parsed.get("year"), parsed.get("season"), parsed.get("resolution")
    parts = [
        title,
        str(year) if year else "",
        _("season %(number)s") % {"number": season} if season is not None else "",
        str(dict(KINDS).get(kind, kind)) if kind != "regular" else "",
        _span_words(parsed.get("episodes"), str(parsed.get("number", ""))),
        f"{height}p" if height else "",
        str(parsed.get("group", "")),
    ]
    return " · ".join(part for part in parts if part)


def _span_words(episodes: Any, number: str) -> str:
    if not episodes:
        return ""
    first, last = episodes[0], episodes[-1]
    if number or first == last:
        return _("episode %(number)s") % {"number": number or first}
    return _("episodes %(first)s–%(last)s") % {"first": first, "last": last}


def episode_words(file: LibraryFile) -> str:
    """ "Special 3" or "Episodes 1–2" of what the file belongs to; "" for nothing."""
    if file.first is None:
        return ""
    kind = str(dict(KINDS).get(file.episode_kind, file.episode_kind))
    span = str(file.first) if file.last in (None, file.first) else f"{file.first}–{file.last}"
    return f"{kind} {span}"


def _numbers(file: LibraryFile) -> tuple[str, str, str]:
    """Kind, first and last: what the file is taken for, else what its name says, else 1 for what may be a film."""
    if file.first is not None:
        return file.episode_kind, str(file.first), str(file.last) if file.last != file.first else ""
    parsed = file.parsed
    kind = str(parsed.get("kind", "regular"))
    if kind not in dict(KINDS):
        kind = "regular"
    episodes = parsed.get("episodes")
    if not episodes:
        is_film = any("film" in str(why).split() for _anime, _confidence, why in file.suggestions)
        return kind, "1" if is_film else "", ""
    return kind, str(episodes[0]), str(episodes[-1]) if episodes[-1] != episodes[0] else ""


def scan_counts(scan: LibraryScan | None) -> list[tuple[str, str]]:
    """[(what, how many)] of a scan: how many were seen, and whatever is not zero."""
    if scan is None:
        return []
    rows = ((label, name, int(getattr(scan, name))) for name, label in COUNTS)
    return [
        (str(label), number_format(count, force_grouping=True))
        for label, name, count in rows
        if count or name == "seen"
    ]
