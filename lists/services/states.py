"""An entry as a value, and what follows by itself from a change of it. Pure: no database here."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from lists.models import EntryStatus, ListEntry
from lists.tag_keys import tag_key

PROGRESS_FIELDS = ("status", "episodes_watched", "rewatch_count", "started_on", "finished_on")
"""What says how far somebody is; the rest is opinion and order."""


@dataclass(frozen=True, slots=True)
class EntryState:
    """All that a person may say of an anime on their list. `score` 0–100 or None; dates as in `lists.dates`."""

    status: str = EntryStatus.PLANNED
    score: int | None = None
    episodes_watched: int = 0
    rewatch_count: int = 0
    started_on: str = ""
    finished_on: str = ""
    notes: str = ""
    is_private: bool = False
    is_favourite: bool = False
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, entry: ListEntry, *, score: int | None, tags: tuple[str, ...]) -> Self:
        """The state of a stored entry, with what other tables hold of it."""
        return cls(
            status=entry.status,
            score=score,
            episodes_watched=entry.episodes_watched,
            rewatch_count=entry.rewatch_count,
            started_on=entry.started_on,
            finished_on=entry.finished_on,
            notes=entry.notes,
            is_private=entry.is_private,
            is_favourite=entry.is_favourite,
            tags=tuple(sorted(tags)),
        )

    @classmethod
    def of_json(cls, raw: Mapping[str, Any]) -> Self:
        """Back from `as_json`."""
        known = {name: raw[name] for name in FIELDS if name in raw}
        return cls(**{**known, "tags": tuple(known.get("tags", ()))})

    def as_json(self) -> dict[str, Any]:
        """The state as a JSON object; `of_json` reads it."""
        return {name: list(value) if name == "tags" else value for name, value in self.items()}

    def items(self) -> list[tuple[str, Any]]:
        return [(name, getattr(self, name)) for name in FIELDS]

    @property
    def viewing(self) -> int:
        """0 the first viewing, 1 the first rewatch."""
        return self.rewatch_count + (self.status == EntryStatus.REWATCHING)


FIELDS = tuple(field.name for field in fields(EntryState))


def state_diff(before: EntryState | None, after: EntryState) -> dict[str, list[Any]]:
    """{field: [before, after]} of what differs, JSON-able; without a `before` against an entry nobody said anything of."""
    then, now = (before or EntryState()).as_json(), after.as_json()
    changes = {name: [then[name], now[name]] for name in FIELDS if not is_same(name, then[name], now[name])}
    if before is None:
        changes["status"] = [None, after.status]
    return changes


def is_same(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a field, as in `as_json`, say the same; tags do in any case."""
    if name == "tags" and one and other:
        return {tag_key(word) for word in one} == {tag_key(word) for word in other}
    return bool(one == other)


def is_public_change(before: EntryState | None, after: EntryState | None) -> bool:
    """Whether others may ever read of a change: the entry was private neither before nor after it (None: not on the list)."""
    return not any(state.is_private for state in (before, after) if state is not None)


def state_settle(
    before: EntryState | None, wanted: Mapping[str, Any], *, episode_count: int | None, today: datetime.date
) -> EntryState:
    """`before` with what somebody `wanted`, and with what follows of it where they said nothing else.

    - seen episodes of something planned or on hold: it is being watched; seen to the last one: completed;
    - completed: all episodes are seen, the day it was finished is today; a rewatch that is completed counts;
    - begun: the day it was started is today; a rewatch begins at episode 0.

    Dates that are there stay: a rewatch keeps those of the first viewing. Fewer episodes than before change no status.
    """
    old = before or EntryState()
    new = replace(old, **{**wanted, "status": _status_after(old, wanted, episode_count)})
    follows: dict[str, Any] = {}
    if new.status != old.status and new.status == EntryStatus.COMPLETED:
        if episode_count:
            follows["episodes_watched"] = episode_count
        if old.status == EntryStatus.REWATCHING:
            follows["rewatch_count"] = old.rewatch_count + 1
        if not new.finished_on and new.started_on <= today.isoformat():
            follows["finished_on"] = today.isoformat()
    if new.status != old.status and new.status == EntryStatus.REWATCHING:
        follows["episodes_watched"] = 0
    if not new.started_on and _is_begun(old, new) and not ("" < new.finished_on < today.isoformat()):
        follows["started_on"] = today.isoformat()
    return replace(new, **{name: value for name, value in follows.items() if name not in wanted})


def _status_after(old: EntryState, wanted: Mapping[str, Any], episode_count: int | None) -> str:
    """What is said, or what the number of seen episodes says."""
    if "status" in wanted:
        return str(wanted["status"])
    seen = wanted.get("episodes_watched", 0)
    if seen <= old.episodes_watched or old.status in (EntryStatus.COMPLETED, EntryStatus.DROPPED):
        return old.status
    if episode_count and seen >= episode_count:
        return EntryStatus.COMPLETED
    return EntryStatus.WATCHING if old.status in (EntryStatus.PLANNED, EntryStatus.ON_HOLD) else old.status


def _is_begun(old: EntryState, new: EntryState) -> bool:
    """Whether the first viewing begins with this change: many episodes at once that complete it began some other day."""
    if new.status == EntryStatus.WATCHING:
        return old.status != EntryStatus.WATCHING or (not old.episodes_watched and new.episodes_watched > 0)
    is_first = not old.episodes_watched and new.episodes_watched == 1
    return is_first and new.status == EntryStatus.COMPLETED and old.status != EntryStatus.REWATCHING
