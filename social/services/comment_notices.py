"""Whom a comment concerns: each person is told once, by the strongest reason."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.facade import NoticeKind, User
from core.errors import DomainError
from core.markup import markdown_read
from social.access import Target, get_target
from social.models import Comment, CommentMention, Notification, NotificationActor
from social.notices import COMMENT, MENTION, REPLY, UPVOTE
from social.services.mention_limits import MENTIONS_TOLD, first_named
from social.services.notice_causes import Cause, causes_gone, comment_path, named_in, rows_say
from social.services.notifications import Notice, notify, notify_many


@dataclass(frozen=True, slots=True)
class Written:
    """A comment that was just written (or edited) by `actor` under `target`; `excerpt` is its beginning without spoilers."""

    comment: Comment
    actor: User
    target: Target
    excerpt: str


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
    seeing = first_named(written.comment.pk, _who_see(written, named))
    notices.append((seeing, _notice(written, MENTION, f"mention:{written.comment.thread_id}")))
    told |= {user.pk for user in mentioned[:MENTIONS_TOLD]}
    owner_id = written.target.owner_id
    if owner_id is not None and owner_id not in told:
        notices.append(([owner_id], _notice(written, COMMENT, f"comment:{written.comment.thread_id}")))
    notify_many(told=notices)


def mentions_tell(written: Written, people: list[User]) -> None:
    """Tell those whom the text names now; at most ten of all that its edits name."""
    seeing = first_named(written.comment.pk, _who_see(written, people[:MENTIONS_TOLD]))
    _tell(written, MENTION, f"mention:{written.comment.thread_id}", seeing)


def comment_untell(comment: Comment) -> None:
    """A comment is gone: unread rows that tell of nothing else go too, what was read stays without its words.

    Its thread's post and collection are loaded.
    """
    causes = [
        *_mention_causes(comment, CommentMention.objects.filter(comment=comment).values_list("user_id", flat=True))
    ]
    parent, thread, group = comment.parent, comment.thread, f"comment:{comment.thread_id}"
    if parent is not None and parent.author_id is not None:
        causes.append(Cause(parent.author_id, f"reply:{parent.pk}", Q(parent=parent.pk)))
    owners = [thread.post.author_id if thread.post else None, thread.collection.owner_id if thread.collection else None]
    for owner_id in owners:
        if owner_id is not None:
            # What answers or names the owner was told as that.
            others = Q(thread=thread.pk) & ~Q(parent__author=owner_id) & ~named_in(thread.pk, owner_id)
            causes.append(Cause(owner_id, group, others))
    if comment.author_id is not None:
        causes.append(Cause(comment.author_id, _upvotes(comment), Q(pk=None)))
    causes_gone(comment, causes)
    rows_say(_leading(comment, [cause.user_id for cause in causes]), context={"excerpt": ""})


def comment_retell(written: Written, *, unnamed: list[UUID]) -> None:
    """A comment says something else now: rows about it say that; whom it names no more (`unnamed`) reads of it no more."""
    comment, target = written.comment, written.target
    causes_gone(comment, _mention_causes(comment, unnamed))
    named = CommentMention.objects.filter(comment=comment).values_list("user_id", flat=True)
    people: set[UUID | None] = {*named, target.owner_id, comment.author_id}
    people.add(comment.parent.author_id if comment.parent else None)
    shield = {"is_spoiler": comment.is_spoiler, "spoils_episode": comment.spoils_episode}
    rows_say(_leading(comment, people), context={"excerpt": written.excerpt}, **shield)
    rows_say(_leading(comment, set(unnamed) - people), context={"excerpt": ""})


def upvote_tell(*, actor: User, comment: Comment, target: Target) -> None:
    """Tell the author that somebody liked it; nobody tells twice, however often they change their mind."""
    group = _upvotes(comment)
    told = NotificationActor.objects.filter(
        notification__user=comment.author_id, notification__group=group, user=actor.pk
    )
    if comment.author_id is not None and not told.exists():
        excerpt = markdown_read(comment.body).excerpt()
        _tell(Written(comment, actor, target, excerpt), UPVOTE, group, [comment.author_id])


def _upvotes(comment: Comment) -> str:
    return f"upvote:{comment.pk}"


def _mention_causes(comment: Comment, user_ids: Iterable[UUID]) -> list[Cause]:
    group = f"mention:{comment.thread_id}"
    return [Cause(user_id, group, named_in(comment.thread_id, user_id)) for user_id in user_ids]


def _leading(comment: Comment, people: Iterable[UUID | None]) -> QuerySet[Notification]:
    """What these people were told that leads to the comment."""
    return Notification.objects.filter(user__in={who for who in people if who}, url=comment_path(comment.pk))


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
