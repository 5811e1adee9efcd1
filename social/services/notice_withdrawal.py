"""Taking back what people were told of somebody: a request that is gone, everything across a block."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.facade import NoticeKind, notice_kind_get
from core.models import RealtimeEvent
from social.models import Notification, NotificationActor
from social.services.notice_causes import unread_tell
from social.services.notifications import CREATED, READ


def notices_withdraw(*, user_id: uuid.UUID, actor_id: uuid.UUID, kinds: Collection[NoticeKind] | None = None) -> int:
    """Take one actor out of what a person was told, read or not, of these kinds or of all; how many rows that were.

    A row that tells of nobody else goes. One that tells of others too stays without them, and without words and address
    when they were the latest: those were of what they did. Within the caller's transaction; open pages learn the new count.
    """
    with transaction.atomic():
        found = Notification.objects.filter(user_id=user_id, actors__user_id=actor_id)
        if kinds is not None:
            found = found.filter(kind__in=[kind.code for kind in kinds])
        else:
            live_forget(actor_id=actor_id, user_id=user_id)
        keys = sorted(found.values_list("pk", flat=True))
        if not keys:
            return 0
        locked = Notification.objects.select_for_update().filter(pk__in=keys).order_by("pk")
        rows = {row.pk: row for row in locked}
        told = NotificationActor.objects.filter(notification__in=rows).order_by("-created_at", "-id")
        latest: dict[uuid.UUID, uuid.UUID] = {}
        for key, who in told.values_list("notification_id", "user_id"):
            latest.setdefault(key, who)
        told.filter(user=actor_id).delete()
        kept = set(NotificationActor.objects.filter(notification__in=rows).values_list("notification_id", flat=True))
        Notification.objects.filter(pk__in=rows.keys() - kept).delete()
        Notification.objects.filter(pk__in=kept).update(actor_count=F("actor_count") - 1)
        for key in kept:
            if latest[key] == actor_id:
                _words_drop(rows[key])
        if any(row.read_at is None for row in rows.values()):
            unread_tell({user_id})
        return len(rows)


def live_forget(*, actor_id: uuid.UUID, user_id: uuid.UUID | None = None) -> None:
    """Take the words about what somebody did out of the event log, of one reader or of all: a page that comes back later, or an
    export, hears that it should ask for its count, and no more. One query.
    """
    events = RealtimeEvent.objects.filter(type=CREATED, payload__actor_id=str(actor_id))
    (events if user_id is None else events.filter(user_id=user_id)).update(type=READ, payload={})


def _words_drop(row: Notification) -> None:
    """Leave the kind's sentence and its general address: what it was about may be of the one who goes."""
    url = notice_kind_get(row.kind).url
    Notification.objects.filter(pk=row.pk).update(context=context_blanked(row.context), url=url)


def context_blanked(context: Mapping[str, Any]) -> dict[str, Any]:
    """What a sentence is made from, without what was written and what it is about."""
    kept = {name: value for name, value in context.items() if name != "excerpt"}
    return kept | {"about": "…"} if "about" in kept else kept
