"""An entry as a value, and what follows by itself from a change of it. Pure: no database here."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from lists.models import EntryStatus, ListEntry

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
    changes = {name: [then[name], now[name]] for name in FIELDS if then[name] != now[name]}
    if before is None:
        changes["status"] = [None, after.status]
    return changes


def state_settle(
    before: EntryState | None, wanted: Mapping[str, Any], *, episode_count: int | None, today: datetime.date
) -> EntryState:
    """`before` with what somebody `wanted`, and with what follows of it where they said nothing else.

    - seen episodes of something planned: it is being watched; seen to the last one: completed (a rewatch counts one more);
    - completed: all episodes are seen, the day it was finished is today; begun: the day it was started is today;
    - a rewatch begins at episode 0.
    """
    old = before or EntryState()
    new = replace(old, **wanted)
    if "status" in wanted and new.status != old.status:
        return _status_followed(old, new, wanted, episode_count, today)
    if "episodes_watched" in wanted and new.episodes_watched > old.episodes_watched:
        return _episodes_followed(old, new, wanted, episode_count, today)
    return (
        new
        if before is not None or "status" not in wanted
        else _status_followed(old, new, wanted, episode_count, today)
    )


def _status_followed(
    old: EntryState, new: EntryState, wanted: Mapping[str, Any], episode_count: int | None, today: datetime.date
) -> EntryState:
    said = wanted.keys()
    changes: dict[str, Any] = {}
    if new.status == EntryStatus.COMPLETED:
        if "episodes_watched" not in said and episode_count:
            changes["episodes_watched"] = episode_count
        if "finished_on" not in said and (not new.finished_on or old.status == EntryStatus.REWATCHING):
            changes["finished_on"] = new.finished_on or today.isoformat()
        if old.status == EntryStatus.REWATCHING and "rewatch_count" not in said:
            changes["rewatch_count"] = old.rewatch_count + 1
    elif new.status == EntryStatus.REWATCHING:
        if "episodes_watched" not in said:
            changes["episodes_watched"] = 0
    elif new.status == EntryStatus.WATCHING and "started_on" not in said and not new.started_on:
        changes["started_on"] = today.isoformat()
    return replace(new, **changes)


def _episodes_followed(
    old: EntryState, new: EntryState, wanted: Mapping[str, Any], episode_count: int | None, today: datetime.date
) -> EntryState:
    if "status" in wanted:
        return new
    is_last = bool(episode_count) and new.episodes_watched >= (episode_count or 0)
    if is_last and new.status in (
        EntryStatus.PLANNED,
        EntryStatus.WATCHING,
        EntryStatus.REWATCHING,
        EntryStatus.ON_HOLD,
    ):
        status = EntryStatus.COMPLETED
    elif new.status in (EntryStatus.PLANNED, EntryStatus.ON_HOLD):
        status = EntryStatus.WATCHING
    else:
        return new
    moved = replace(new, status=status)
    settled = _status_followed(old, moved, {**wanted, "status": status}, episode_count, today)
    begins = not old.episodes_watched and not settled.started_on and "started_on" not in wanted
    if begins and old.status != EntryStatus.REWATCHING and status == EntryStatus.COMPLETED and episode_count == 1:
        return replace(settled, started_on=today.isoformat())
    return settled
