"""Whom a post concerns: those whom its text names are told, and told no more when it names them no longer or is gone."""

import uuid
from collections.abc import Collection

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from accounts.facade import User
from core.markup import markdown_read
from social import notices
from social.models import Comment, CommentMention, Notification, Post, Thread
from social.services.mention_limits import first_named
from social.services.notice_causes import rows_drop, rows_say
from social.services.notifications import Notice, notify
from social.services.post_texts import PostText
from social.services.texts import MENTIONS_KNOWN


def post_tell(post: Post, text: PostText, *, already: Collection[str]) -> None:
    """Tell those whom the text names and who may see the post, but for those whom it named before (`already`: names in
    lower case); as many and as often as `first_named` lets it.
    """
    if post.author is None:
        return
    named = [person for person in text.mentioned if person.username.lower() not in already]
    told = first_named(post.pk, [person.pk for person in named if _sees(person, post)])
    if not told:
        return
    notify(
        user_ids=told,
        notice=Notice(
            kind=notices.MENTION,
            group=_mentions(post),
            url=reverse("post", args=[post.pk]),
            actor=post.author,
            context={"about": post.title, "excerpt": text.excerpt},
            anime_id=post.anime_id,
            spoils_episode=post.spoils_episode,
            is_spoiler=post.is_spoiler,
        ),
    )


def post_retell(post: Post, text: PostText, *, old_body: str) -> None:
    """A post says something else now: what people were told of it says that, whom it names no more is told nothing.

    Tells whom it names for the first time. Within the caller's transaction.
    """
    already = markdown_read(old_body).mentions
    if already:
        rows = Notification.objects.filter(user__in=_people(already), group=_mentions(post))
        gone = rows.exclude(user__in=[person.pk for person in text.mentioned])
        rows_drop(gone)
        rows_say(gone, context={"about": "…", "excerpt": ""})
        said = {"about": post.title, "excerpt": text.excerpt}
        shield = {"anime": post.anime_id, "spoils_episode": post.spoils_episode, "is_spoiler": post.is_spoiler}
        rows_say(rows.filter(user__in=[person.pk for person in text.mentioned]), context=said, **shield)
    post_tell(post, text, already=set(already))


def post_untell(post: Post) -> None:
    """A post is gone: nobody is told any more of being named in it or under it, nor of what was said to them there.

    What was read stays, without its words. Putting the post back tells nobody again. Within the caller's transaction.
    """
    if names := markdown_read(post.body).mentions:
        rows = Notification.objects.filter(user__in=_people(names), group=_mentions(post))
        rows_drop(rows)
        rows_say(rows, context={"about": "…", "excerpt": ""})
    groups = [reactions_group(post)]
    for thread_id in Thread.objects.filter(post=post).values_list("pk", flat=True):
        groups.append(f"comment:{thread_id}")
        named = CommentMention.objects.filter(comment__thread=thread_id).values("user")
        rows_drop(Notification.objects.filter(user__in=named, group=f"mention:{thread_id}"))
        _answers_drop(thread_id)
    if post.author_id is not None:
        rows_drop(Notification.objects.filter(user=post.author_id, group__in=groups))


def _sees(person: User, post: Post) -> bool:
    """Whether they may see the post: about an adult anime not everybody. One query where it is about any."""
    return post.anime_id is None or Post.objects.visible_to(person).filter(pk=post.pk).exists()


def reactions_group(post: Post) -> str:
    """The group of what its author is told of reactions."""
    return f"post:{post.pk}:reaction"


def _answers_drop(thread_id: uuid.UUID) -> None:
    """What those who wrote in a conversation were told of answers to them and of votes."""
    comments = Comment.objects.filter(thread=thread_id)
    kinds = [notices.REPLY.code, notices.UPVOTE.code]
    unread = Notification.objects.filter(user__in=comments.values("author"), kind__in=kinds, read_at=None)
    about = {key: group.partition(":")[2] for key, group in unread.values_list("pk", "group")}
    here = {str(key) for key in comments.filter(pk__in=set(about.values())).values_list("pk", flat=True)}
    rows_drop(Notification.objects.filter(pk__in=[key for key, comment in about.items() if comment in here]))


def _mentions(post: Post) -> str:
    return f"post:{post.pk}:mention"


def _people(names: Collection[str]) -> QuerySet[User]:
    """Those of these names (in lower case) who may have been told."""
    people = User.objects.alias(folded=Lower("username")).filter(folded__in=list(names)[:MENTIONS_KNOWN])
    return people.order_by()


__all__ = ["post_retell", "post_tell", "post_untell", "reactions_group"]
