"""What becomes of an entry when a file says something else. Pure: no database.

- theirs: the file counts;
- mine: what both say stays mine, gaps are filled;
- newest: whichever was changed last, as a whole; a file that tells no times counts as older;
- highest: who is further along brings the progress; other differences stay mine, gaps are filled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lists.importing.diffing import Diff, conflicts_of, record_diff, state_of
from lists.importing.records import ListRecord
from lists.models import EntryStatus, ImportRule
from lists.services.states import PROGRESS_FIELDS, EntryState

SKIP = "skip"
"""Chosen for one line instead of a rule: leave it out."""
_SEEN = frozenset({EntryStatus.COMPLETED.value, EntryStatus.REWATCHING.value})


@dataclass(frozen=True, slots=True)
class Resolved:
    """The entry after the rule. `is_theirs`: the file won what both say."""

    after: EntryState
    diff: Diff
    is_theirs: bool


def record_resolve(
    record: ListRecord, mine: EntryState | None, *, rule: str, changed_at: datetime | None = None
) -> Resolved:
    """`mine` (None: not on the list) after `rule`; `changed_at` is when mine was last changed."""
    if mine is None:
        return Resolved(state_of(record), {}, is_theirs=True)
    diff = record_diff(record, mine)
    taken = _taken(record, mine, diff, rule, changed_at)
    values: dict[str, Any] = {name: getattr(record.state, name) for name in taken}
    is_theirs = not diff or bool(taken & conflicts_of(diff))
    return Resolved(replace(mine, **values), diff, is_theirs)


def _taken(
    record: ListRecord, mine: EntryState, diff: Diff, rule: str, changed_at: datetime | None
) -> set[str] | frozenset[str]:
    """The fields that become theirs."""
    if rule == ImportRule.THEIRS or (rule == ImportRule.NEWEST and _is_newer(record, changed_at)):
        return set(diff)
    conflicts = conflicts_of(diff)
    fills = set(diff) - conflicts
    if rule == ImportRule.HIGHEST and _rank(_with(record, mine)) > _rank(mine):
        return fills | {name for name in diff if name in PROGRESS_FIELDS}
    if "status" in diff:  # theirs is of another status: a date that belongs to it does not fit mine
        fills -= {"finished_on"} if mine.status not in _SEEN else set()
        fills -= {"started_on"} if mine.status == EntryStatus.PLANNED else set()
    return fills


def _is_newer(record: ListRecord, changed_at: datetime | None) -> bool:
    return record.updated_at is not None and (changed_at is None or record.updated_at > changed_at)


def _with(record: ListRecord, mine: EntryState) -> EntryState:
    said = {name: getattr(record.state, name) for name in PROGRESS_FIELDS if name in record.said}
    return replace(mine, **said)


def _rank(state: EntryState) -> tuple[int, bool, int]:
    """Times seen to the end, whether under way once more, episodes of this time."""
    seen = state.rewatch_count + (state.status in _SEEN)
    return seen, state.status == EntryStatus.REWATCHING, state.episodes_watched


def extras_merge(mine: Mapping[str, Any], theirs: Mapping[str, Any], *, is_theirs: bool) -> dict[str, Any]:
    """Both, by format; where both hold a key it is the winner's."""
    merged: dict[str, Any] = {}
    for site in [*mine, *(name for name in theirs if name not in mine)]:
        a, b = mine.get(site, {}), theirs.get(site, {})
        if isinstance(a, Mapping) and isinstance(b, Mapping):
            merged[site] = {**a, **b} if is_theirs else {**b, **a}
        else:
            merged[site] = theirs[site] if site in theirs and (is_theirs or site not in mine) else mine[site]
    return merged
