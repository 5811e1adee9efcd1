"""Comments: which of a thread somebody sees."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.facade import people_shown_filter
from catalog.facade import anime_adult_filter, anime_visible_filter
from lists.facade import collections_listed, collections_visible

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User
    from social.models.comments import Comment  # noqa: F401 — named by the queryset's type


class CommentQuerySet(models.QuerySet["Comment"]):
    """A comment that shows nothing (deleted, or its author hidden from the viewer) stays only where replies hang on it.

    `hidden`: the authors whom a block hides. Who moderates sees everybody, as everywhere.
    """

    def live(self) -> Self:
        """Those that were not deleted."""
        return self.filter(deleted_at=None)

    def shown_to(self, viewer: "User | AnonymousUser", hidden: Collection[uuid.UUID] = ()) -> Self:
        """Those whose text the viewer reads: not deleted, by people who are there (or by nobody any more)."""
        return self.filter(_shows(viewer, hidden))

    def in_tree(self, viewer: "User | AnonymousUser", hidden: Collection[uuid.UUID] = ()) -> Self:
        """Those that have a place in the viewer's tree, with or without a text."""
        return self.filter(_shows(viewer, hidden) | Q(reply_count__gt=0))

    def under_listed(self, viewer: "User | AnonymousUser") -> Self:
        """Those under what the viewer may come across: anime and posts that they see, collections that are public."""
        return self._under(viewer, collections_listed(viewer))

    def under_visible(self, viewer: "User | AnonymousUser") -> Self:
        """Those under what its address opens to the viewer: as `under_listed`, and under collections that are not listed."""
        return self._under(viewer, collections_visible(viewer))

    def readings(self, viewer: "User | AnonymousUser") -> dict[uuid.UUID, bool]:
        """By id, whether the viewer reads its text, as `shown_to` says with everybody whom a block hides; one query."""
        from social.models import Block

        reads = _shows(viewer, ())
        if viewer.is_authenticated and not viewer.is_staff:
            reads &= ~Q(Exists(Block.objects.hiding("author_id", viewer.pk)))
        is_read = Case(When(reads, then=Value(True)), default=Value(False), output_field=BooleanField())
        return dict(self.order_by().values_list("pk", is_read))

    def _under(self, viewer: "User | AnonymousUser", collections: "QuerySet[Any]") -> Self:
        from social.models import Post

        anime = anime_visible_filter(viewer, prefix="thread__anime__") & anime_adult_filter(
            viewer, prefix="thread__anime__"
        )
        post = Post.objects.visible_to(viewer).filter(pk=OuterRef("thread__post"))
        collection = collections.filter(pk=OuterRef("thread__collection"))
        return self.filter(
            (Q(thread__anime__isnull=False) & anime)
            | (Q(thread__post__isnull=False) & Q(Exists(post)))
            | (Q(thread__collection__isnull=False) & Q(Exists(collection)))
        )


def _shows(viewer: "User | AnonymousUser", hidden: Collection[uuid.UUID]) -> Q:
    live = Q(deleted_at=None)
    if viewer.is_authenticated and viewer.is_staff:
        return live
    there = Q(author=None) | people_shown_filter(viewer, prefix="author__")
    return live & there & ~Q(author_id__in=hidden) if hidden else live & there
