"""Writing the event log."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone

from core.models import RealtimeEvent, RealtimeSequence
from core.realtime.groups import SEQ, user_group
from core.realtime.hints import hint_send

RETENTION = timedelta(hours=24)
KEEP_PER_USER = 1_000
CHUNK = 500


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
    numbers: dict[uuid.UUID, int] = {}
    for start in range(0, len(people), CHUNK):
        numbers |= _numbers_next(people[start : start + CHUNK])
    RealtimeEvent.objects.bulk_create(
        [RealtimeEvent(user_id=user_id, seq=seq, type=type, payload=payload) for user_id, seq in numbers.items()]
    )
    transaction.on_commit(lambda: _hint(list(numbers.items())))
    return numbers


def _numbers_next(people: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The next number of each, whose row is locked from now on; rows are taken in the order of `people`. One statement:
    nearly everything that somebody writes tells somebody else.
    """
    key, table = RealtimeSequence._meta.pk, RealtimeSequence._meta.db_table
    rows = ", ".join(["(%s, 1)"] * len(people))
    sql = f"""INSERT INTO {table} (user_id, value) VALUES {rows}
        ON CONFLICT (user_id) DO UPDATE SET value = {table}.value + 1 RETURNING user_id, value"""  # noqa: S608 — our names
    with connection.cursor() as cursor:
        cursor.execute(sql, [key.get_db_prep_value(user_id, connection) for user_id in people])
        return {uuid.UUID(str(user_id)): value for user_id, value in cursor.fetchall()}


def _hint(numbers: Sequence[tuple[uuid.UUID, int]]) -> None:
    """Best effort: "user N is at seq M". A lost hint heals at the next hint, heartbeat or poll."""
    for user_id, seq in numbers:
        hint_send(user_group(user_id), SEQ, seq=seq)


def realtime_trim() -> int:
    """Delete events older than 24 hours or beyond the newest 1,000 of a user. Returns how many went."""
    gone, _ = RealtimeEvent.objects.filter(created_at__lt=timezone.now() - RETENTION).delete()
    too_many = RealtimeEvent.objects.values("user_id").annotate(top=Max("seq"), kept=Count("pk"))
    for row in too_many.filter(kept__gt=KEEP_PER_USER).iterator():
        more, _ = RealtimeEvent.objects.filter(user_id=row["user_id"], seq__lte=row["top"] - KEEP_PER_USER).delete()
        gone += more
    return gone
