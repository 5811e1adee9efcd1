"""Notifications follow what they are about: what is deleted is not told on, what is edited is told as it says now."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from core.markup import markdown_read
from core.realtime import realtime_publish
from social.models import Comment, CommentMention, Notification, NotificationActor
from social.services.notifications import READ, unread_counts

SLACK = timedelta(minutes=1)
"""A comment is a little older than the row that tells of it."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One comment as the cause of rows of `group` for one person. `others`: the comments that may stand behind such a row."""

    user_id: uuid.UUID
    group: str
    others: Q


def comment_path(comment_id: uuid.UUID) -> str:
    """The address that leads to a comment in its place: that of every notification about it."""
    return reverse("comment", args=[comment_id])


def causes_gone(comment: Comment, causes: Iterable[Cause]) -> None:
    """Take a comment out of what is unread: rows that tell of nothing else go, the others tell of what is left.

    Within the caller's transaction. Open pages learn their new count.
    """
    wanted = {(cause.user_id, cause.group): cause for cause in causes}
    if not wanted:
        return
    users, groups = zip(*wanted, strict=True)
    rows = Notification.objects.filter(user__in=set(users), group__in=set(groups), read_at=None)
    locked = rows.order_by("user_id", "pk").select_for_update()
    told = set()
    for row in locked:
        cause = wanted.get((row.user_id, row.group))
        if cause is not None and _cause_gone(row, comment, cause):
            told.add(row.user_id)
    unread_tell(told)


def rows_drop(rows: QuerySet[Notification]) -> None:
    """Delete these unread rows, and tell open pages their new count. Within the caller's transaction."""
    locked = list(rows.filter(read_at=None).order_by("user_id", "pk").select_for_update())
    Notification.objects.filter(pk__in=[row.pk for row in locked]).delete()
    unread_tell({row.user_id for row in locked})


def rows_say(rows: QuerySet[Notification], *, context: Mapping[str, Any], **shield: Any) -> None:
    """Make these rows, read or not, say something else: names of `context` that they have, and fields of the `shield`."""
    for row in rows.order_by("user_id", "pk").select_for_update():
        changed = {name: value for name, value in context.items() if name in row.context}
        Notification.objects.filter(pk=row.pk).update(context={**row.context, **changed}, **shield)


def _cause_gone(row: Notification, comment: Comment, cause: Cause) -> bool:
    """Whether the row went. The comment itself is out of `others` already."""
    path = comment_path(comment.pk)
    actors = NotificationActor.objects.filter(notification=row)
    if comment.author_id is not None and row.url != path and not actors.filter(user=comment.author_id).exists():
        return False  # it tells of what others did
    since = _since(row)
    left = Comment.objects.filter(cause.others, Q(created_at__gt=since) | Q(edited_at__gt=since), deleted_at=None)
    left = left.exclude(pk=comment.pk).filter(author__in=actors.values("user"))
    latest = left.order_by("-created_at", "-pk").first()
    if latest is None:
        row.delete()
        return True
    changes: dict[str, Any] = {"count": max(1, row.count - 1)}
    if comment.author_id is not None and not left.filter(author=comment.author_id).exists():
        gone, _ = actors.filter(user=comment.author_id).delete()
        changes["actor_count"] = max(1, row.actor_count - gone)
    if row.url == path:
        excerpt = markdown_read(latest.body).excerpt()
        changes |= {"url": comment_path(latest.pk), "context": {**row.context, "excerpt": excerpt}}
        changes |= {"spoils_episode": latest.spoils_episode, "is_spoiler": latest.is_spoiler}
    Notification.objects.filter(pk=row.pk).update(**changes)
    return False


def _since(row: Notification) -> datetime:
    """After which moment the things happened of which this row tells: what came before was told by a row that was read."""
    before = Notification.objects.filter(user=row.user_id, group=row.group).exclude(pk=row.pk)
    told = before.aggregate(latest=Max("updated_at"))["latest"]
    start = row.created_at - SLACK
    return max(start, told) if told is not None else start


def unread_tell(user_ids: set[uuid.UUID]) -> None:
    """Tell these people's open pages how many they have not read. One query; within the caller's transaction."""
    unread = unread_counts(sorted(user_ids)) if user_ids else {}
    for user_id, count in unread.items():
        realtime_publish(user_ids=[user_id], type=READ, payload={"unread": count})


def named_in(thread_id: uuid.UUID, user_id: uuid.UUID) -> Q:
    """The comments of a thread that name this person."""
    named = CommentMention.objects.filter(user=user_id, comment__thread=thread_id).values("comment")
    return Q(thread=thread_id, pk__in=named)


__all__ = ["Cause", "causes_gone", "comment_path", "named_in", "rows_drop", "rows_say", "unread_tell"]
