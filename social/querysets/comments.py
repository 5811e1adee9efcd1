"""Comments: which of a thread somebody sees."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from social.models.comments import Comment  # noqa: F401 — named by the queryset's type


class CommentQuerySet(models.QuerySet["Comment"]):
    """A comment that shows nothing (deleted, or its author hidden from the viewer) stays only where replies hang on it."""

    def live(self) -> Self:
        """Those that were not deleted."""
        return self.filter(deleted_at=None)

    def in_tree(self, hidden: Collection[uuid.UUID] = ()) -> Self:
        """Those that have a place in the tree for somebody from whom `hidden` authors are hidden."""
        rows = self.exclude(deleted_at__isnull=False, reply_count=0)
        return rows.exclude(Q(author_id__in=hidden) & Q(reply_count=0)) if hidden else rows
