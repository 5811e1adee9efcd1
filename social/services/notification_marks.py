"""Reading and deleting notifications: one's own alone; every open page of the person learns the new number."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.facade import User
from core.realtime import realtime_publish
from social.models import Notification, NotificationActor
from social.services.notifications import READ, unread_count

IDS_LIMIT = 1_000
"""So many ids one call may name."""
TOLD_IDS = 100
"""An event names so many ids at most; with more, or with all, open pages look anew."""
CHUNK = 1_000
KEPT_READ = timedelta(days=90)
UNDO_SECONDS = 600


def notifications_read(*, user: User, ids: Collection[uuid.UUID] | None = None) -> int:
    """Mark one's own notifications read, all of them without `ids`; how many changed. Ids of others change nothing."""
    with transaction.atomic():
        unread = Notification.objects.filter(user=user, read_at=None, by_site=True)
        found = list(_locked(unread, ids))
        for start in range(0, len(found), CHUNK):
            Notification.objects.filter(pk__in=found[start : start + CHUNK]).update(read_at=timezone.now())
        if found:
            _tell(user, found)
    return len(found)


def notifications_delete(*, user: User, ids: Collection[uuid.UUID] | None = None) -> int:
    """Delete one's own notifications, all of them without `ids`; how many went. Ids of others change nothing.

    What waits for the digest alone stays: it was never among those that somebody sees and deletes.
    """
    with transaction.atomic():
        found = list(_locked(Notification.objects.filter(user=user, by_site=True), ids))
        for start in range(0, len(found), CHUNK):
            Notification.objects.filter(pk__in=found[start : start + CHUNK]).delete()
        if found:
            _tell(user, found)
    return len(found)


def notification_delete_undoably(*, user: User, notification_id: uuid.UUID) -> bool:
    """Delete one and remember it for ten minutes, for `notification_restore`; whether there was one."""
    row = Notification.objects.filter(user=user, pk=notification_id, by_site=True).first()
    if row is None:
        return False
    kept: dict[str, Any] = {"row": row, "actors": list(row.actors.all())}
    if not notifications_delete(user=user, ids=[notification_id]):
        return False
    cache.set(_undo_key(user, notification_id), kept, UNDO_SECONDS)
    return True


def notification_restore(*, user: User, notification_id: uuid.UUID) -> bool:
    """Bring back what `notification_delete_undoably` deleted; False when it is too late or was done.

    Where the same happened anew meanwhile, the newer row stands for both and the old one comes back as read.
    """
    kept = cache.get(_undo_key(user, notification_id))
    if kept is None or not cache.delete(_undo_key(user, notification_id)):
        return False
    row: Notification = kept["row"]
    alive = set(User.objects.filter(pk__in=[one.user_id for one in kept["actors"]], erased_at=None).values_list("pk"))
    try:
        with transaction.atomic():
            if Notification.objects.filter(user=user, group=row.group, read_at=None).exists():
                row.read_at = row.read_at or timezone.now()
            row.save(force_insert=True)
            actors = [one for one in kept["actors"] if (one.user_id,) in alive]
            NotificationActor.objects.bulk_create(actors)
            _tell(user, [row.pk])
    except IntegrityError:
        return False
    return True


def notifications_trim() -> int:
    """Delete what was read, or mailed without ever standing on the site, 90 days ago (daily); how many went."""
    before, gone = timezone.now() - KEPT_READ, 0
    over = Q(read_at__lt=before) | Q(by_site=False, updated_at__lt=before)
    while keys := list(Notification.objects.filter(over).values_list("pk", flat=True)[:CHUNK]):
        gone += len(keys)
        Notification.objects.filter(pk__in=keys).delete()
    return gone


def _locked(rows: QuerySet[Notification], ids: Collection[uuid.UUID] | None) -> QuerySet[Notification, uuid.UUID]:
    """The ids of these rows, or of those among `ids`, held until the transaction ends."""
    wanted = rows if ids is None else rows.filter(pk__in=set(ids))
    return wanted.order_by("pk").select_for_update().values_list("pk", flat=True)


def _undo_key(user: User, notification_id: uuid.UUID) -> str:
    return f"notification-undo:{user.pk}:{notification_id}"


def _tell(user: User, ids: Collection[uuid.UUID]) -> None:
    named = [str(one) for one in ids] if len(ids) <= TOLD_IDS else None
    realtime_publish(user_ids=[user.pk], type=READ, payload={"unread": unread_count(user.pk), "ids": named})


__all__ = [
    "notification_delete_undoably",
    "notification_restore",
    "notifications_delete",
    "notifications_read",
    "notifications_trim",
]
