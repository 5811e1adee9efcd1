"""Reading the event log."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from core.models import RealtimeEvent, RealtimeSequence


@dataclass(frozen=True, slots=True)
class Replay:
    """Events above a cursor, oldest first. `is_complete` is False when some are gone: the client needs a fresh snapshot."""

    events: list[RealtimeEvent]
    is_complete: bool
    latest: int


def latest_seq(user_id: uuid.UUID) -> int:
    """The user's newest sequence number; 0 when nothing ever happened."""
    row = RealtimeSequence.objects.filter(user_id=user_id).values_list("value", flat=True).first()
    return row or 0


def latest_seqs(user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """`latest_seq` of many people in one query; those to whom nothing ever happened are not in it."""
    return dict(RealtimeSequence.objects.filter(user_id__in=user_ids).values_list("user_id", "value"))


def events_after(user_id: uuid.UUID, seq: int, *, limit: int = 500) -> Replay:
    """Up to `limit` events with a number above `seq`. A cursor from the future is incomplete as well."""
    latest = latest_seq(user_id)
    events = list(RealtimeEvent.objects.filter(user_id=user_id, seq__gt=seq, seq__lte=latest).order_by("seq")[:limit])
    if seq > latest:
        return Replay([], is_complete=False, latest=latest)
    is_complete = seq == latest or bool(events and events[0].seq == seq + 1)
    return Replay(events, is_complete=is_complete, latest=latest)
