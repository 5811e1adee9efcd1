"""What is left of somebody's comments and votes when their account goes: nothing of theirs, all that others said.

As the large forums do it: a comment that others answered stays as an empty place in the tree, any other is gone.
"""

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from django.db import transaction

from accounts.facade import User
from core.markup import VERSION, markdown_read
from social.access import target_of_thread
from social.models import Comment, CommentMention, CommentRevision, CommentVote, Thread
from social.services.comment_votes import comment_vote_uncount
from social.services.comments import comment_take
from social.services.texts import paths_of

CHUNK = 200


def mentions_erase(user: User) -> Iterator[None]:
    """Comments of others link to this person no more: their HTML is made anew without the name's link.

    What others wrote stays as they wrote it.
    """
    ids = list(CommentMention.objects.filter(user=user).exclude(comment__author=user).values_list("comment", flat=True))
    for some in _chunks(ids):
        threads = ("thread__anime", "thread__post", "thread__collection")
        for comment in Comment.objects.filter(pk__in=some).select_related(*threads):
            rows = CommentMention.objects.filter(comment=comment).exclude(user=user).select_related("user")
            reading = markdown_read(comment.body, watch_path=target_of_thread(comment.thread).watch_path)
            html = str(reading.html(people=paths_of([row.user for row in rows])))
            Comment.objects.filter(pk=comment.pk, body=comment.body).update(html=html, html_version=VERSION)
        CommentMention.objects.filter(user=user, comment__in=some).delete()
        yield
    CommentMention.objects.filter(user=user).delete()


def comments_erase(user: User) -> Iterator[None]:
    """Delete a person's comments, the deepest first, so that a conversation with oneself goes as a whole."""
    Comment.objects.filter(deleted_by=user).exclude(author=user).update(deleted_by=None)
    Thread.objects.filter(locked_by=user).update(locked_by=None)
    CommentRevision.objects.filter(editor=user).exclude(comment__author=user).update(editor=None)
    ids = list(Comment.objects.filter(author=user).order_by("-depth", "-pk").values_list("pk", flat=True))
    for some in _chunks(ids):
        for pk in some:
            _comment_erase(pk)
        yield


def votes_erase(user: User) -> Iterator[None]:
    """Take the person's votes away, out of the counters too."""
    ids = list(CommentVote.objects.filter(user=user).order_by("comment").values_list("comment", flat=True))
    for some in _chunks(ids):
        for comment in Comment.objects.select_for_update(no_key=True).filter(pk__in=some).order_by("pk"):
            comment_vote_uncount(user_id=user.pk, comment=comment)
        yield


def _comment_erase(pk: UUID) -> None:
    with transaction.atomic():
        comment = Comment.objects.select_for_update(no_key=True).filter(pk=pk).first()
        if comment is None:
            return
        if comment.deleted_at is None:
            comment_take(comment, by=None)
        if not Comment.objects.filter(parent=comment).exists():
            comment.delete()
            return
        CommentRevision.objects.filter(comment=comment).delete()
        CommentMention.objects.filter(comment=comment).delete()
        comment.author = comment.deleted_by = None
        comment.body = comment.html = comment.nonce = ""
        comment.html_version = VERSION
        comment.save()


def _chunks(ids: list[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while some := list(islice(rest, CHUNK)):
        yield some


__all__ = ["comments_erase", "mentions_erase", "votes_erase"]
