"""Votes on comments: one a person, counted under the comment's row lock."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import ValidationFailed
from social.access import get_comment
from social.errors import CommentDeleted, WithOneself
from social.models import Comment, CommentVote
from social.services.comment_notices import upvote_tell
from social.services.comment_ranks import best_rank, controversy_rank

UP, DOWN = 1, -1
_COUNTED = ("up_votes", "down_votes", "score", "best", "controversy")


def comment_vote_set(*, actor: User, comment_id: uuid.UUID, value: int) -> Comment:
    """Vote up (1) or down (-1); the same again changes nothing, the other takes its place. The comment with its counters.

    Muted people vote: it is not writing. Raises `ValidationFailed`, `NotFound`, `CommentDeleted`, `WithOneself` for one's own.
    """
    if isinstance(value, bool) or value not in (UP, DOWN):
        raise ValidationFailed({"value": [_("1 or -1.")]})
    seen, target = get_comment(actor, comment_id)
    if seen.author_id == actor.pk:
        raise WithOneself()
    with transaction.atomic():
        comment = _locked(seen)
        vote, is_new = CommentVote.objects.get_or_create(comment=comment, user=actor, defaults={"value": value})
        if is_new:
            _count(comment, new=value)
        elif vote.value != value:
            _count(comment, old=vote.value, new=value)
            CommentVote.objects.filter(pk=vote.pk).update(value=value)
        if value == UP and (is_new or vote.value != value):
            upvote_tell(actor=actor, comment=comment, target=target)
    return comment


def comment_vote_remove(*, actor: User, comment_id: uuid.UUID) -> Comment:
    """Take one's vote back, if there is one. The comment with its counters. Raises `NotFound`, `CommentDeleted`."""
    seen, _target = get_comment(actor, comment_id)
    with transaction.atomic():
        comment = _locked(seen)
        comment_vote_uncount(user_id=actor.pk, comment=comment)
    return comment


def comment_vote_uncount(*, user_id: uuid.UUID, comment: Comment) -> None:
    """Take a person's vote, if there is one, off a comment whose row the caller holds."""
    vote = CommentVote.objects.filter(comment=comment, user=user_id).first()
    if vote is not None:
        vote.delete()
        _count(comment, old=vote.value)


def _locked(seen: Comment) -> Comment:
    comment = Comment.objects.select_for_update(no_key=True, of=("self",)).select_related("thread").get(pk=seen.pk)
    if comment.deleted_at is not None:
        raise CommentDeleted()
    return comment


def _count(comment: Comment, *, old: int = 0, new: int = 0) -> None:
    """One vote less of `old`, one more of `new`, and what follows from the counts."""
    up = comment.up_votes = max(0, comment.up_votes - (old == UP) + (new == UP))
    down = comment.down_votes = max(0, comment.down_votes - (old == DOWN) + (new == DOWN))
    comment.score, comment.best, comment.controversy = up - down, best_rank(up, down), controversy_rank(up, down)
    comment.save(update_fields=_COUNTED)


__all__ = ["comment_vote_remove", "comment_vote_set", "comment_vote_uncount"]
