"""What a line of a file says differently from the list here. Pure: no database.

What the file leaves empty says nothing: an empty note never erases one. A shorter date that agrees ("2024" beside
"2024-05-17") and tags that are all here say nothing new either.
"""

from collections.abc import Collection, Mapping
from typing import Any

from lists.importing.records import ListRecord
from lists.models import RowOutcome
from lists.services.states import FIELDS, EntryState

Diff = dict[str, list[Any]]
"""{field: [mine, theirs]}, JSON-able."""
DATES = frozenset({"started_on", "finished_on"})
COUNTS = frozenset({"episodes_watched", "rewatch_count"})


def state_of(record: ListRecord) -> EntryState:
    """The entry that the record alone makes: what its format cannot express is as in a new entry."""
    return EntryState(**{name: value for name, value in record.state.items() if name in record.said})


def record_diff(record: ListRecord, mine: EntryState) -> Diff:
    """The fields of which the record says something else, or something where `mine` says nothing."""
    then, now = mine.as_json(), record.state.as_json()
    return {
        name: [then[name], now[name]]
        for name in FIELDS
        if name in record.said and then[name] != now[name] and not _adds_nothing(name, then[name], now[name])
    }


def _adds_nothing(name: str, mine: Any, theirs: Any) -> bool:
    if name in COUNTS or name == "status":
        return False
    if (not theirs and theirs != 0) or theirs is False:
        return True
    if name in DATES:
        return bool(mine) and str(mine).startswith(theirs)
    return name == "tags" and set(theirs) <= set(mine)


def _only_fills(name: str, mine: Any, theirs: Any) -> bool:
    """Whether taking theirs loses nothing of mine."""
    if name == "status":
        return False
    if name == "tags":
        return set(mine) <= set(theirs)
    if name in DATES:
        return str(theirs).startswith(mine)
    return not mine if name in COUNTS else mine is None or mine is False or mine == ""


def conflicts_of(diff: Mapping[str, Collection[Any]]) -> frozenset[str]:
    """The fields that both say, differently. Where the status differs the numbers stand or fall with it."""
    together = COUNTS if "status" in diff else frozenset()
    return frozenset(
        name for name, (mine, theirs) in diff.items() if name in together or not _only_fills(name, mine, theirs)
    )


def outcome_of(mine: EntryState | None, diff: Mapping[str, Collection[Any]]) -> RowOutcome:
    """New, the same, changed (nothing of mine is lost) or a conflict."""
    if mine is None:
        return RowOutcome.NEW
    if not diff:
        return RowOutcome.SAME
    return RowOutcome.CONFLICT if conflicts_of(diff) else RowOutcome.CHANGED
