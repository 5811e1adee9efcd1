"""What accounts tell a person (a new sign-in, an export that is ready) also stands among their notifications."""

from django.utils import timezone

from accounts.facade import NoticeSent, notice_kind_get
from core.ids import uuid7
from core.realtime import realtime_publish
from social.models import Notification
from social.notification_words import words_of
from social.services.notifications import CREATED, unread_count

JOINED = frozenset({"export_ready"})
"""Kinds of which the latest says all: they make one unread row."""


def account_notice_keep(event: NoticeSent) -> None:
    """Make the row that `event` tells of, inside its transaction; nothing when its person does not want it on the site.

    Push and mail are accounts' own. What leads nowhere but to settings is never withdrawn: it is about the account.
    """
    if not event.by_site:
        return
    kind, now = notice_kind_get(event.kind), timezone.now()
    group = kind.code if kind.code in JOINED else f"{kind.code}:{uuid7()}"
    values = {"context": dict(event.context), "url": kind.url, "updated_at": now}
    row = Notification.objects.select_for_update().filter(user=event.user_id, group=group, read_at=None).first()
    if row is not None:
        Notification.objects.filter(pk=row.pk).update(**values)
    else:
        row = Notification(user_id=event.user_id, kind=kind.code, group=group, created_at=now, **values)
        Notification.objects.bulk_create([row], ignore_conflicts=True)
    words = words_of(kind.code, event.context)
    own = {"id": str(row.pk), "unread": unread_count(event.user_id)}
    payload = {"kind": kind.code, "title": words.title, "text": words.text, "url": kind.url, **own}
    realtime_publish(user_ids=[event.user_id], type=CREATED, payload=payload)
