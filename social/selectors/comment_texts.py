"""Texts of comments that were made into HTML by older rules: made anew while they are read, stored by a task."""

import uuid
from collections import defaultdict
from collections.abc import Sequence

from core.markup import VERSION, markdown_read
from social.access import Target
from social.models import Comment, CommentMention
from social.services.texts import paths_of


def texts_renew(comments: Sequence[tuple[Comment, Target]]) -> None:
    """Give those of `comments` (each with what it stands under) whose HTML is of older rules what today's make of them.

    In memory only: a page of old texts is no reason for a page of writes (`comment_texts_store` does that, in its time).
    One query for all of them, none when nothing is old.
    """
    old = [(comment, target) for comment, target in comments if comment.html_version < VERSION]
    if not old:
        return
    named: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    mentions = CommentMention.objects.filter(comment__in=[comment.pk for comment, _ in old])
    for mention in mentions.select_related("user"):
        named[mention.comment_id] |= paths_of([mention.user])
    for comment, target in old:
        reading = markdown_read(comment.body, watch_path=target.watch_path)
        comment.html, comment.html_version = str(reading.html(people=named[comment.pk])), VERSION


__all__ = ["texts_renew"]
