"""Telling people: one unread row a group, live to their open pages, by push, kept for the digest."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F
from django.utils import timezone

from accounts.facade import Channels, NoticeKind, User, notice_channels_of_many, push_send
from core.realtime import realtime_publish
from social.models import Block, Notification, NotificationActor

CREATED, READ = "notification.created", "notification.read"
"""Types of realtime events. Payloads: {kind, title, text, url}, of one's own also {id, unread}; and {unread}.

Without `unread` (many were told at once) an open page asks for its count.
"""
CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is to be told. `group`: what happens again while unread joins the row of the same group.

    `context` makes the sentence with `who` added when it is read; `excerpt` in it is covered by the reader's shield
    (`anime_id`, `spoils_episode`, `is_spoiler`), so it never leaves by push or socket.
    """

    kind: NoticeKind
    group: str
    url: str
    actor: User | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    anime_id: int | None = None
    spoils_episode: int | None = None
    is_spoiler: bool = False


def notify(*, user_ids: Iterable[uuid.UUID], notice: Notice) -> int:
    """Tell these people, but the actor and whom a block parts from them; how many were told. Within the caller's transaction.

    Nothing leaves before the commit. Constant queries for many without an actor; a few for each recipient with one.
    """
    told = _recipients(user_ids, notice)
    if not told:
        return 0
    with transaction.atomic():
        rows = [_row(user_id, ways, notice) for user_id, ways in told.items() if ways.by_site or ways.by_email]
        title, text = _words(notice)
        payload = {"kind": notice.kind.code, "title": title, "text": text, "url": notice.url}
        by_site = [user_id for user_id, ways in told.items() if ways.by_site]
        if notice.actor is None:
            _store_many(rows)
            realtime_publish(user_ids=by_site, type=CREATED, payload=payload)
        else:
            stored = [_store(row, notice.actor) for row in rows]
            _publish_each([row for row in stored if row.user_id in set(by_site)], payload)
        by_push = [user_id for user_id, ways in told.items() if ways.by_push]
        if by_push:
            push_send(user_ids=by_push, title=title, body=text, url=notice.url, data={"kind": notice.kind.code})
    return len(told)


def unread_counts(user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many notifications each of these people has not read; one query over the index of unread ones."""
    found = Notification.objects.filter(user_id__in=user_ids, read_at=None, by_site=True)
    counted = dict(found.order_by().values_list("user_id").annotate(n=Count("id")))
    return {user_id: counted.get(user_id, 0) for user_id in user_ids}


def _recipients(user_ids: Iterable[uuid.UUID], notice: Notice) -> dict[uuid.UUID, Channels]:
    wanted = set(user_ids)
    if notice.actor is not None:
        wanted.discard(notice.actor.pk)
        rows = Block.objects.of(notice.actor.pk).values_list("blocker_id", "blocked_id") if wanted else []
        wanted -= {user_id for pair in rows for user_id in pair}
    return notice_channels_of_many(user_ids=wanted, kind=notice.kind) if wanted else {}


def _row(user_id: uuid.UUID, ways: Channels, notice: Notice) -> Notification:
    now = timezone.now()
    return Notification(
        user_id=user_id,
        kind=notice.kind.code,
        group=notice.group,
        context=dict(notice.context),
        url=notice.url,
        anime_id=notice.anime_id,
        spoils_episode=notice.spoils_episode,
        is_spoiler=notice.is_spoiler,
        by_site=ways.by_site,
        by_digest=ways.by_email,
        created_at=now,
        updated_at=now,
        actor_count=1 if notice.actor else 0,
    )


def _store_many(rows: list[Notification]) -> None:
    """Rows of what nobody in particular did; an unread row of the group stays as it is."""
    for start in range(0, len(rows), CHUNK):
        Notification.objects.bulk_create(rows[start : start + CHUNK], ignore_conflicts=True)


def _store(row: Notification, actor: User) -> Notification:
    """The row itself, or the unread one of its group with one more on it."""
    for _attempt in range(2):
        known = (
            Notification.objects.select_for_update().filter(user_id=row.user_id, group=row.group, read_at=None).first()
        )
        if known is not None:
            _add(known, row, actor)
            return known
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                NotificationActor.objects.create(notification=row, user=actor, created_at=row.created_at)
        except IntegrityError:
            continue  # somebody made it meanwhile: join theirs
        return row
    raise RuntimeError("an unread notification came and went twice")


def _add(known: Notification, row: Notification, actor: User) -> None:
    """One more on a locked row, which now tells of the latest."""
    when = row.updated_at
    is_new = not NotificationActor.objects.filter(notification=known, user=actor).update(created_at=when)
    if is_new:
        NotificationActor.objects.create(notification=known, user=actor, created_at=when)
    Notification.objects.filter(pk=known.pk).update(
        context=row.context,
        url=row.url,
        anime_id=row.anime_id,
        spoils_episode=row.spoils_episode,
        is_spoiler=row.is_spoiler,
        updated_at=when,
        count=F("count") + 1,
        actor_count=F("actor_count") + int(is_new),
    )


def _publish_each(rows: list[Notification], payload: dict[str, Any]) -> None:
    """One event a person, with its row and the number for their badge."""
    unread = unread_counts([row.user_id for row in rows]) if rows else {}
    for row in rows:
        own = {"id": str(row.pk), "unread": unread[row.user_id]}
        realtime_publish(user_ids=[row.user_id], type=CREATED, payload={**payload, **own})


def _words(notice: Notice) -> tuple[str, str]:
    """Title and sentence for push and toast, without what a shield may cover."""
    who = (notice.actor.display_name or notice.actor.username) if notice.actor else ""
    context = {**notice.context, "who": who}
    return str(notice.kind.title), notice.kind.words(context)
