"""Writing the event log."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from core.models import RealtimeEvent, RealtimeSequence
from core.realtime.groups import SEQ, user_group
from core.realtime.hints import hint_send

RETENTION = timedelta(hours=24)
KEEP_PER_USER = 1_000


def realtime_publish(*, user_ids: Iterable[uuid.UUID], type: str, payload: dict[str, Any]) -> dict[uuid.UUID, int]:
    """Append one event for each user inside the caller's transaction and return {user id: seq}.

    Sequence rows are locked in the order of user ids, so that two publishers to the same people cannot dead-lock, and a
    number becomes visible only with its event: readers never see a gap. Raises RuntimeError outside of a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("realtime_publish needs a transaction")
    people = sorted(set(user_ids))
    if not people:
        return {}
    RealtimeSequence.objects.bulk_create([RealtimeSequence(user_id=u) for u in people], ignore_conflicts=True)
    locked = RealtimeSequence.objects.select_for_update().filter(user_id__in=people).order_by("user_id")
    numbers = {row.user_id: row.value + 1 for row in locked}
    RealtimeSequence.objects.filter(user_id__in=people).update(value=F("value") + 1)
    RealtimeEvent.objects.bulk_create(
        [RealtimeEvent(user_id=user_id, seq=seq, type=type, payload=payload) for user_id, seq in numbers.items()]
    )
    transaction.on_commit(lambda: _hint(list(numbers.items())))
    return numbers


def _hint(numbers: Sequence[tuple[uuid.UUID, int]]) -> None:
    """Best effort: "user N is at seq M". A lost hint heals at the next hint, heartbeat or poll."""
    for user_id, seq in numbers:
        hint_send(user_group(user_id), SEQ, seq=seq)


def realtime_trim() -> int:
    """Delete events older than 24 hours or beyond the newest 1,000 of a user. Returns how many went."""
    gone, _ = RealtimeEvent.objects.filter(created_at__lt=timezone.now() - RETENTION).delete()
    newest = RealtimeEvent.objects.values("user_id").annotate(top=Max("seq")).filter(top__gt=KEEP_PER_USER)
    for row in newest.iterator():
        more, _ = RealtimeEvent.objects.filter(user_id=row["user_id"], seq__lte=row["top"] - KEEP_PER_USER).delete()
        gone += more
    return gone
