"""What changes of a list add up to as a line of the feed. Pure: no database here."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from lists.facade import EntryStatus
from social.models import FeedVerb

SITTING = timedelta(hours=3)
"""What somebody does with one anime without a longer pause is one line."""
PARTS_LIMIT = 200
"""Changes in one line; the next one begins another, so that no row grows without end."""

_VERBS = {
    EntryStatus.COMPLETED: FeedVerb.COMPLETED,
    EntryStatus.DROPPED: FeedVerb.DROPPED,
    EntryStatus.PLANNED: FeedVerb.PLANNED,
    EntryStatus.WATCHING: FeedVerb.STARTED,
    EntryStatus.REWATCHING: FeedVerb.STARTED,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One change of a list. Episodes `first` to `last` were watched; a watched part without `first` puts right: not beyond `last`.

    `score` counts where `has_score`: None takes it away. `is_new`: the anime came on the list, a line of its own begins.
    """

    activity_id: uuid.UUID
    at: datetime
    verb: str
    first: int | None = None
    last: int | None = None
    score: int | None = None
    has_score: bool = False
    is_new: bool = False

    @property
    def is_correction(self) -> bool:
        """Whether it says nothing by itself, only of what was said before."""
        if self.verb == FeedVerb.WATCHED:
            return self.first is None
        return self.verb == FeedVerb.RATED and self.score is None

    def as_json(self) -> dict[str, Any]:
        """The part as a JSON object; `of_json` reads it."""
        found: dict[str, Any] = {"id": self.activity_id.hex, "at": self.at.isoformat(), "verb": str(self.verb)}
        if self.last is not None:
            found |= {"first": self.first, "last": self.last}
        if self.has_score:
            found["score"] = self.score
        if self.is_new:
            found["new"] = True
        return found

    @classmethod
    def of_json(cls, raw: Mapping[str, Any]) -> Self:
        """Back from `as_json`."""
        return cls(
            activity_id=uuid.UUID(raw["id"]),
            at=datetime.fromisoformat(raw["at"]),
            verb=raw["verb"],
            first=raw.get("first"),
            last=raw.get("last"),
            score=raw.get("score"),
            has_score="score" in raw,
            is_new=raw.get("new", False),
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says. One that says nothing any more is "rated" without a score: nobody is told it."""

    verb: str
    first_episode: int | None
    last_episode: int | None
    score: int | None


def part_of(
    changes: Mapping[str, tuple[Any, Any]], *, activity_id: uuid.UUID, at: datetime, is_new: bool = False
) -> Part | None:
    """What a change of an entry tells others; None: nothing (notes, dates, tags, "on hold")."""
    before, after = changes.get("status", (None, None))
    then, now = (value or 0 for value in changes.get("episodes_watched", (0, 0)))
    verb = _VERBS.get(after) if after != before else None
    first = last = None
    if now > then and verb in (None, FeedVerb.STARTED, FeedVerb.COMPLETED):
        verb, first, last = verb or FeedVerb.WATCHED, then + 1, now
        verb = FeedVerb.WATCHED if verb == FeedVerb.STARTED else verb
    elif verb == FeedVerb.STARTED and before == EntryStatus.ON_HOLD:
        verb = None
    elif verb is None and now < then:
        verb, last = FeedVerb.WATCHED, now
    if verb is None and "score" in changes:
        verb = FeedVerb.RATED
    if verb is None:
        return None
    has_score = "score" in changes
    return Part(activity_id, at, verb, first, last, changes["score"][1] if has_score else None, has_score, is_new)


def parts_told(parts: Iterable[Part]) -> Told:
    """What these changes, in their order, add up to: the last word counts; completing, dropping swallow what was watched."""
    verb: str | None = None
    span: tuple[int, int] | None = None
    score: int | None = None
    for part in parts:
        score = part.score if part.has_score else score
        if part.verb == FeedVerb.RATED:
            continue
        if part.is_correction:
            span = (span[0], min(span[1], part.last or 0)) if span and span[0] <= (part.last or 0) else None
            continue
        if part.first is not None and part.last is not None:
            joins = span is not None and verb != FeedVerb.COMPLETED
            span = (min(span[0], part.first), max(span[1], part.last)) if span and joins else (part.first, part.last)
        elif verb == FeedVerb.COMPLETED:
            span = None
        if not (part.verb == FeedVerb.STARTED and verb == FeedVerb.WATCHED):
            verb = part.verb
    if verb is None or (verb == FeedVerb.WATCHED and span is None):
        verb = FeedVerb.RATED
    first, last = span or (None, None)
    return Told(str(verb), first, last, score)


def sittings_of(parts: Sequence[Part]) -> list[list[Part]]:
    """The changes of one anime, in their order, cut into lines: at pauses, and where the anime came on the list anew."""
    lines: list[list[Part]] = []
    for part in parts:
        if not lines or part.is_new or len(lines[-1]) >= PARTS_LIMIT or part.at - lines[-1][-1].at > SITTING:
            lines.append([])
        lines[-1].append(part)
    return lines
