"""Telling people: one unread row a group, live to their open pages, by push, kept for the digest."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import get_language

from accounts.facade import Channels, NoticeKind, User, notice_channels_of_many, push_send
from core.realtime import realtime_publish
from social.models import Block, Notification, NotificationActor
from social.notification_words import words_of

CREATED, READ = "notification.created", "notification.read"
"""Types of realtime events. Payloads: {kind, title, text, url, language}, of one's own also {id, unread}; and {unread}.

Without `unread` (many were told at once) an open page asks for its count. `language` is that of the words: a page in another
one asks for its own.
"""
CHUNK = 500
ACTORS_KEPT, ACTORS_SLACK = 100, 50
"""So many of those who did something are remembered by name, the latest; trimmed every so many more."""
ATTEMPTS = 5


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
    Who tells people of several things in one transaction calls `notify_many`.
    """
    return notify_many(told=[(user_ids, notice)])


def notify_many(*, told: Iterable[tuple[Iterable[uuid.UUID], Notice]]) -> int:
    """`notify` of several notices with one cause; whom an earlier one of them tells, a later one does not tell again.

    Rows are taken in the order of people, whichever notice they are of: two such transactions never wait for each other.
    """
    reached: set[uuid.UUID] = set()
    sent: list[_Sent] = []
    parted: dict[uuid.UUID, set[uuid.UUID]] = {}
    for user_ids, notice in told:
        ways = _recipients(set(user_ids) - reached, notice, parted)
        reached |= ways.keys()
        if ways:
            sent.append(_Sent(notice, ways))
    if not reached:
        return 0
    with transaction.atomic(savepoint=False):
        for one in sent:
            if one.notice.actor is None:
                _store_many(one.rows())
        by_person = [(row, one.notice) for one in sent if one.notice.actor is not None for row in one.rows()]
        stored = [
            (_store(row, notice.actor), notice)
            for row, notice in sorted(by_person, key=lambda pair: pair[0].user_id)
            if notice.actor is not None
        ]
        for one in sent:
            if one.notice.actor is None:
                realtime_publish(user_ids=one.by("by_site"), type=CREATED, payload=one.payload())
        _publish_each([(row, _Sent(notice, {}).payload()) for row, notice in stored if row.by_site])
        for one in sent:
            if by_push := one.by("by_push"):
                title, text = _words(one.notice)
                data = {"kind": one.notice.kind.code}
                push_send(user_ids=by_push, title=title, body=text, url=one.notice.url, data=data)
    return len(reached)


def unread_count(user_id: uuid.UUID) -> int:
    """How many notifications a person has not read; one query over the index of unread ones."""
    return Notification.objects.filter(user_id=user_id, read_at=None, by_site=True).count()


def unread_counts(user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many notifications each of these people has not read; one query over the index of unread ones."""
    found = Notification.objects.filter(user_id__in=user_ids, read_at=None, by_site=True)
    counted = dict(found.order_by().values_list("user_id").annotate(n=Count("id")))
    return {user_id: counted.get(user_id, 0) for user_id in user_ids}


@dataclass(frozen=True, slots=True)
class _Sent:
    """One notice and the ways it takes to whom."""

    notice: Notice
    ways: Mapping[uuid.UUID, Channels]

    def rows(self) -> list[Notification]:
        """In the order of people: whoever locks rows of many locks them in this order."""
        kept = [(who, ways) for who, ways in self.ways.items() if ways.by_site or ways.by_email]
        return [_row(user_id, ways, self.notice) for user_id, ways in sorted(kept, key=lambda pair: pair[0])]

    def by(self, way: str) -> list[uuid.UUID]:
        return [user_id for user_id, ways in self.ways.items() if getattr(ways, way)]

    def payload(self) -> dict[str, Any]:
        title, text = _words(self.notice)
        kind, language = self.notice.kind.code, get_language() or settings.LANGUAGE_CODE
        words = {"kind": kind, "title": title, "text": text, "url": self.notice.url, "language": language}
        return words if self.notice.actor is None else {**words, "actor_id": str(self.notice.actor.pk)}


def _recipients(
    user_ids: Iterable[uuid.UUID], notice: Notice, parted: dict[uuid.UUID, set[uuid.UUID]]
) -> dict[uuid.UUID, Channels]:
    """Who of these is told, and by which ways. `parted` keeps whom a block parts from an actor, asked once."""
    wanted = set(user_ids)
    if notice.actor is not None:
        wanted.discard(notice.actor.pk)
        if wanted and notice.actor.pk not in parted:
            rows = Block.objects.of(notice.actor.pk).values_list("blocker_id", "blocked_id")
            parted[notice.actor.pk] = {user_id for pair in rows for user_id in pair}
        wanted -= parted.get(notice.actor.pk, set())
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
    """Rows of what nobody in particular did; an unread row of the group tells of the latest and counts one more."""
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        unread = Notification.objects.select_for_update().filter(group=some[0].group, read_at=None)
        known = dict(
            unread.filter(user__in=[row.user_id for row in some]).order_by("user_id").values_list("user_id", "pk")
        )
        if known:
            again = Notification.objects.filter(pk__in=known.values())
            again.update(**_latest(some[0]), count=F("count") + 1, mailed_at=None)
        Notification.objects.bulk_create([row for row in some if row.user_id not in known], ignore_conflicts=True)


def _store(row: Notification, actor: User) -> Notification:
    """The row itself, or the unread one of its group with one more on it."""
    for _attempt in range(ATTEMPTS):
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
    raise RuntimeError("an unread notification came and went again and again")


def _latest(row: Notification) -> dict[str, Any]:
    """What a row of a group takes over from what happened last."""
    names = ("context", "url", "anime_id", "spoils_episode", "is_spoiler", "updated_at")
    return {name: getattr(row, name) for name in names}


def _add(known: Notification, row: Notification, actor: User) -> None:
    """One more on a locked row, which now tells of the latest and goes the ways that its person wants by now.

    `known` gets what it needs for its event. A digest that told of it before tells of it again.
    """
    is_new = not NotificationActor.objects.filter(notification=known, user=actor).update(created_at=row.updated_at)
    if is_new:
        NotificationActor.objects.create(notification=known, user=actor, created_at=row.updated_at)
        if known.actor_count >= ACTORS_KEPT and known.actor_count % ACTORS_SLACK == 0:
            actors_trim(notification_id=known.pk)
    known.by_site = row.by_site
    Notification.objects.filter(pk=known.pk).update(
        **_latest(row),
        by_site=row.by_site,
        by_digest=row.by_digest,
        mailed_at=None,
        count=F("count") + 1,
        actor_count=F("actor_count") + int(is_new),
    )


def actors_trim(*, notification_id: uuid.UUID) -> None:
    """Forget all but the latest `ACTORS_KEPT` who did something; `actor_count` still counts the others."""
    actors = NotificationActor.objects.filter(notification=notification_id)
    kept = actors.order_by("-created_at", "-pk").values_list("pk", flat=True)[:ACTORS_KEPT]
    actors.exclude(pk__in=list(kept)).delete()


def _publish_each(rows: list[tuple[Notification, dict[str, Any]]]) -> None:
    """One event a row, with its id and the number for the badge of its person."""
    unread = unread_counts([row.user_id for row, _payload in rows]) if rows else {}
    for row, payload in rows:
        own = {"id": str(row.pk), "unread": unread[row.user_id]}
        realtime_publish(user_ids=[row.user_id], type=CREATED, payload={**payload, **own})


def _words(notice: Notice) -> tuple[str, str]:
    """Title and sentence for push and toast, without what a shield may cover."""
    words = words_of(notice.kind.code, notice.context, who=notice.actor.name if notice.actor else "")
    return words.title, words.text
