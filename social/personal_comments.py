"""How a person's comments and votes are exported and erased."""

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.personal_data import EARLY, Person, Row, erase_part, exempt, export_part, rows_of
from social.models import Comment, CommentMention, CommentRevision, CommentVote
from social.services import comment_erasure

exempt("social.Thread", of="export", reason="Nobody's own; who closed it is a note of staff.")

_WHERE = {
    "anime_title": F("thread__anime__title"),
    "episode": F("thread__episode_number"),
    "post_id": F("thread__post"),
    "collection_id": F("thread__collection"),
}


@export_part("social/comments", label=_("Your comments"), models=["social.Comment"])
def comments(user: Person) -> Iterator[Row]:
    """Deleted ones too, which are kept for moderation."""
    fields = ("id", "parent_id", "body", "is_spoiler", "spoils_episode", "up_votes", "down_votes")
    more = ("created_at", "edited_at", "deleted_at")
    return rows_of(Comment.objects.filter(author=user), *fields, *more, **_WHERE)


@export_part("social/comment-revisions", label=_("What your comments said before"), models=["social.CommentRevision"])
def revisions(user: Person) -> Iterator[Row]:
    return rows_of(CommentRevision.objects.filter(comment__author=user), "comment_id", "body", "created_at")


@export_part("social/comment-votes", label=_("Comments you voted on"), models=["social.CommentVote"])
def votes(user: Person) -> Iterator[Row]:
    return rows_of(CommentVote.objects.filter(user=user), "comment_id", "value", "created_at")


@export_part("social/mentions", label=_("Comments that name you"), models=["social.CommentMention"])
def mentions(user: Person) -> Iterator[Row]:
    """Where, not what others wrote there."""
    return rows_of(CommentMention.objects.filter(user=user), "comment_id", written_at=F("comment__created_at"))


@erase_part("social/mentions", models=["social.CommentMention"], order=EARLY)
def mentions_erase(user: Person) -> Iterator[None]:
    return comment_erasure.mentions_erase(user)


@erase_part("social/comments", models=["social.Comment", "social.CommentRevision", "social.Thread"])
def comments_erase(user: Person) -> Iterator[None]:
    return comment_erasure.comments_erase(user)


@erase_part("social/comment-votes", models=["social.CommentVote"])
def votes_erase(user: Person) -> Iterator[None]:
    return comment_erasure.votes_erase(user)
