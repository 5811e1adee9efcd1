"""Comments of a collection in the order of time, without their tree."""

import uuid
from typing import TYPE_CHECKING

from django.db.models import Q

from core.errors import NotFound
from social.models import Comment
from social.selectors.comment_nodes import Eyes

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User

    Viewer = User | AnonymousUser

COMMENTS_DEFAULT, COMMENTS_LIMIT = 50, 200
"""Reference: GET /collections/:id/comments."""


def collection_comments(
    viewer: "Viewer", collection_id: uuid.UUID, *, limit: int = COMMENTS_DEFAULT, before: uuid.UUID | None = None
) -> list[Comment]:
    """Comments, newest first, with their authors and pictures, without the deleted and those of people whom the viewer may
    not see; `before` a comment's id goes on behind it. At most 200. Two queries, three with `before`. Raises `NotFound`.

    The caller found the collection to be visible.
    """
    eyes = Eyes.of(viewer)
    whole = Comment.objects.filter(thread__collection=collection_id)
    found = whole.shown_to(viewer, eyes.hidden).exclude(author=None)
    if before is not None:
        moment = whole.filter(pk=before).values_list("created_at", flat=True).first()
        if moment is None:
            raise NotFound()
        found = found.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=before))
    rows = found.select_related("author__avatar", "thread").order_by("-created_at", "-id")
    return list(rows[: min(limit, COMMENTS_LIMIT)])


__all__ = ["COMMENTS_DEFAULT", "COMMENTS_LIMIT", "collection_comments"]
