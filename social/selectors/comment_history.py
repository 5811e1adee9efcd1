"""What a comment said before it was edited."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from core.markup import markdown_read
from social.models import Comment, CommentRevision

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Version:
    """A text that was replaced at `replaced_at`; `html` is safe."""

    html: SafeString
    replaced_at: datetime


def comment_history(comment: Comment) -> list[Version]:
    """The earlier texts, the latest first, at most `SHOWN`; one query. The caller may see the comment.

    Who is named in them is no link any more: they were told of what they were told.
    """
    rows = CommentRevision.objects.filter(comment=comment).only("body", "created_at")[:SHOWN]
    return [Version(markdown_read(row.body).html(), row.created_at) for row in rows]
