"""Whom a comment concerns: each person is told once, by the strongest reason."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.facade import NoticeKind, User
from core.errors import DomainError
from core.markup import markdown_read
from social.access import Target, get_target
from social.models import Comment, CommentMention, Notification, NotificationActor
from social.notices import COMMENT, MENTION, REPLY, UPVOTE
from social.services.notifications import Notice, notify, notify_many

MENTIONS_TOLD = 10
"""How many of those whom one text names are told."""


@dataclass(frozen=True, slots=True)
class Written:
    """A comment that was just written (or edited) by `actor` under `target`; `excerpt` is its beginning without spoilers."""

    comment: Comment
    actor: User
    target: Target
    excerpt: str


def comment_path(comment_id: UUID) -> str:
    """The address that leads to a comment in its place."""
    return f"/comments/{comment_id}"


def comment_tell(written: Written, *, parent: Comment | None, mentioned: list[User]) -> None:
    """Tell whom it answers, then whom it names (at most ten), then whose post or collection it stands under.

    Nobody is told of what they may not see: a collection that became private, an anime that was hidden. All in one call:
    two who answer and name each other's people at the same moment do not wait for each other.
    """
    told, notices = {written.actor.pk}, list[tuple[Collection[UUID], Notice]]()
    if parent is not None and parent.author is not None and parent.author_id not in told:
        told.add(parent.author.pk)
        notices.append((_who_see(written, [parent.author]), _notice(written, REPLY, f"reply:{parent.pk}")))
    named = [user for user in mentioned if user.pk not in told][:MENTIONS_TOLD]
    notices.append((_who_see(written, named), _notice(written, MENTION, f"mention:{written.comment.thread_id}")))
    told |= {user.pk for user in mentioned[:MENTIONS_TOLD]}
    owner_id = written.target.owner_id
    if owner_id is not None and owner_id not in told:
        notices.append(([owner_id], _notice(written, COMMENT, f"comment:{written.comment.thread_id}")))
    notify_many(told=notices)


def mentions_tell(written: Written, people: list[User]) -> None:
    """Tell those whom the text names; at most ten."""
    _tell(written, MENTION, f"mention:{written.comment.thread_id}", _who_see(written, people[:MENTIONS_TOLD]))


def comment_untell(comment: Comment) -> None:
    """A comment is gone: what was told of it stays told, without its words. Its thread's post and collection are loaded."""
    thread, parent = comment.thread, comment.parent
    named = CommentMention.objects.filter(comment=comment).values_list("user_id", flat=True)
    people: set[UUID | None] = {*named, parent.author_id if parent else None}
    people.add(thread.post.author_id if thread.post else None)
    people.add(thread.collection.owner_id if thread.collection else None)
    rows = Notification.objects.filter(user__in=people - {None}, url=comment_path(comment.pk))
    for row in rows.filter(context__has_key="excerpt"):
        Notification.objects.filter(pk=row.pk).update(context={**row.context, "excerpt": ""})


def upvote_tell(*, actor: User, comment: Comment, target: Target) -> None:
    """Tell the author that somebody liked it; nobody tells twice, however often they change their mind."""
    group = f"upvote:{comment.pk}"
    told = NotificationActor.objects.filter(
        notification__user=comment.author_id, notification__group=group, user=actor.pk
    )
    if comment.author_id is not None and not told.exists():
        excerpt = markdown_read(comment.body).excerpt()
        _tell(Written(comment, actor, target, excerpt), UPVOTE, group, [comment.author_id])


def _who_see(written: Written, people: Iterable[User]) -> list[UUID]:
    """Those of `people` who may see what the comment stands under."""
    found = []
    for user in people:
        try:
            get_target(user, written.comment.thread)
        except DomainError:
            continue
        found.append(user.pk)
    return found


def _tell(written: Written, kind: NoticeKind, group: str, user_ids: Collection[UUID]) -> None:
    if user_ids:
        notify(user_ids=user_ids, notice=_notice(written, kind, group))


def _notice(written: Written, kind: NoticeKind, group: str) -> Notice:
    comment = written.comment
    return Notice(
        kind=kind,
        group=group,
        url=comment_path(comment.pk),
        actor=written.actor,
        context={"about": str(written.target.title), "excerpt": written.excerpt},
        anime_id=comment.anime_id,
        spoils_episode=comment.spoils_episode,
        is_spoiler=comment.is_spoiler,
    )
