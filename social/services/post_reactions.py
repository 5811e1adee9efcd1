"""Reacting to posts: one reaction a person, counted under the post's lock."""

import uuid

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import ValidationFailed
from social import notices
from social.access import get_post
from social.models import NotificationActor, Post, PostReaction, ReactionKind
from social.services.notifications import Notice, notify
from social.services.post_notices import reactions_group

_COUNTS = ("reactions", "like_count", "score")


def reaction_set(*, actor: User, post_id: uuid.UUID, kind: str = ReactionKind.LIKE) -> Post:
    """React to a visible post, one's own too; another kind takes the place of the first, the same again changes nothing.

    Its author is told of the first. Raises `NotFound`, `ValidationFailed`.
    """
    if kind not in ReactionKind.values:
        raise ValidationFailed({"kind": [_("One of: %(names)s.") % {"names": ", ".join(ReactionKind.values)}]})
    with transaction.atomic():
        post = get_post(actor, post_id, lock=True)
        known = PostReaction.objects.filter(post=post, user=actor).first()
        if known is None:
            PostReaction.objects.create(post=post, user=actor, kind=kind)
            _count(post, gained=kind)
            _tell(post, actor)
        elif known.kind != kind:
            lost, known.kind = known.kind, kind
            known.save(update_fields=["kind"])
            _count(post, gained=kind, lost=lost)
    return post


def reaction_remove(*, actor: User, post_id: uuid.UUID) -> Post:
    """Take one's reaction away, if there is one. Raises `NotFound`."""
    with transaction.atomic():
        post = get_post(actor, post_id, lock=True)
        reaction_uncount(user=actor, post=post)
    return post


def reaction_uncount(*, user: User, post: Post) -> None:
    """Take somebody's reaction to a post away, if there is one. The caller holds the post's row."""
    known = PostReaction.objects.filter(post=post, user=user).first()
    if known is not None:
        known.delete()
        _count(post, lost=known.kind)


def _count(post: Post, *, gained: str = "", lost: str = "") -> None:
    """Bring the counters of a locked post in line with one reaction more, less or changed; a kind nobody chose has no key."""
    counts = dict(post.reactions)
    for kind, change in ((gained, 1), (lost, -1)):
        if kind:
            counts[kind] = counts.get(kind, 0) + change
    post.reactions = {kind: counts[kind] for kind in ReactionKind.values if counts.get(kind, 0) > 0}
    post.like_count, post.score = post.reactions.get(ReactionKind.LIKE, 0), sum(post.reactions.values())
    post.save(update_fields=_COUNTS)


def _tell(post: Post, actor: User) -> None:
    """Nobody tells twice, however often they take their reaction back (`NotificationActor` remembers)."""
    group = reactions_group(post)
    told = NotificationActor.objects.filter(notification__user=post.author_id, notification__group=group, user=actor)
    if post.author_id is None or told.exists():
        return
    notify(
        user_ids=[post.author_id],
        notice=Notice(
            kind=notices.REACTION,
            group=group,
            url=reverse("post", args=[post.pk]),
            actor=actor,
            context={"about": post.title},
        ),
    )


__all__ = ["reaction_remove", "reaction_set", "reaction_uncount"]
