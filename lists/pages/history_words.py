"""Changes of a list as sentences."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lists.models import ActivityKind, ChangeSource, EntryStatus, ListActivity
from lists.scores import score_highest, score_shown
from lists.templatetags.scores import PRESSED, score_words

_QUIET = {ActivityKind.ADDED: ("status",), ActivityKind.EPISODE: ("episodes_watched",)}
"""What the first words of a line have said already."""


def activity_words(activity: ListActivity, score_format: str) -> list[str]:
    """What one change did, in short phrases: "watched episode 5", "score 7 → 8.5". Never empty."""
    changes: Mapping[str, Any] = activity.changes if isinstance(activity.changes, dict) else {}
    if activity.kind == ActivityKind.REMOVED:
        return [_("taken off the list")]
    words: list[str] = []
    if activity.kind == ActivityKind.ADDED:
        words.append(_("added to the list: %(status)s") % {"status": _status(_pair(changes, "status")[1])})
    elif activity.kind == ActivityKind.EPISODE and "episodes_watched" in changes:
        words.append(_("watched episode %(number)s") % {"number": changes["episodes_watched"][1]})
    quiet = _QUIET.get(ActivityKind(activity.kind), ()) if words else ()
    for name, write in _WRITE.items():
        if name in changes and name not in quiet:
            then, now = _pair(changes, name)
            if said := write(then, now, score_format):
                words.append(said)
    return words or [_("changed")]


def batch_words(source: str, count: int) -> str:
    """What was done at once, in one sentence."""
    if source == ChangeSource.IMPORT:
        return ngettext("Import: %(count)s change", "Import: %(count)s changes", count) % {"count": count}
    if source == ChangeSource.UNDO:
        return ngettext("Undone: %(count)s change", "Undone: %(count)s changes", count) % {"count": count}
    return ngettext("Bulk edit: %(count)s change", "Bulk edit: %(count)s changes", count) % {"count": count}


def _pair(changes: Mapping[str, Any], name: str) -> tuple[Any, Any]:
    value = changes.get(name)
    return (value[0], value[1]) if isinstance(value, list) and len(value) == 2 else (None, None)


def _status(value: Any) -> str:
    return str(EntryStatus(value).label).lower() if value in EntryStatus.values else "–"


def _status_changed(then: Any, now: Any, score_format: str) -> str:
    return f"{_status(then)} → {_status(now)}"


def _score(value: Any, score_format: str) -> str:
    shown = score_shown(value, score_format) if isinstance(value, int) else "–"
    if score_format in PRESSED and shown.isdigit() and 1 <= int(shown) <= score_highest(score_format):
        return score_words(int(shown), score_format).lower()
    return shown


def _score_changed(then: Any, now: Any, score_format: str) -> str:
    if now is None:
        return _("score %(score)s taken away") % {"score": _score(then, score_format)}
    if then is None:
        return _("score %(score)s") % {"score": _score(now, score_format)}
    return _("score %(then)s → %(now)s") % {"then": _score(then, score_format), "now": _score(now, score_format)}


def _episodes(then: Any, now: Any, score_format: str) -> str:
    return _("episodes %(then)s → %(now)s") % {"then": then or 0, "now": now or 0}


def _rewatches(then: Any, now: Any, score_format: str) -> str:
    return ngettext("rewatched %(count)s time", "rewatched %(count)s times", int(now or 0)) % {"count": now or 0}


def _started(then: Any, now: Any, score_format: str) -> str:
    return _("started %(day)s") % {"day": now} if now else _("start date removed")


def _finished(then: Any, now: Any, score_format: str) -> str:
    return _("finished %(day)s") % {"day": now} if now else _("finish date removed")


def _notes(then: Any, now: Any, score_format: str) -> str:
    if not now:
        return _("notes removed")
    return _("notes changed") if then else _("notes written")


def _tags(then: Any, now: Any, score_format: str) -> str:
    old, new = (set(value) if isinstance(value, list) else set() for value in (then, now))
    marks = [f"+{name}" for name in sorted(new - old)] + [f"−{name}" for name in sorted(old - new)]
    return _("tags %(marks)s") % {"marks": ", ".join(marks)} if marks else ""


def _private(then: Any, now: Any, score_format: str) -> str:
    return _("made private") if now else _("no longer private")


def _favourite(then: Any, now: Any, score_format: str) -> str:
    return _("made a favourite") if now else _("no longer a favourite")


_WRITE = {
    "status": _status_changed,
    "episodes_watched": _episodes,
    "score": _score_changed,
    "rewatch_count": _rewatches,
    "started_on": _started,
    "finished_on": _finished,
    "notes": _notes,
    "tags": _tags,
    "is_private": _private,
    "is_favourite": _favourite,
}
