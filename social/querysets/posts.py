"""Posts: which of them somebody sees."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.facade import people_visible
from catalog.facade import anime_adult_filter, anime_visible_filter

if TYPE_CHECKING:
    from social.models.posts import Post  # noqa: F401 — named by the queryset's type


class PostQuerySet(models.QuerySet["Post"]):
    """`visible_to` is what an address opens and what lists show."""

    def visible_to(self, viewer: Any) -> Self:
        """Not deleted, by people whom the viewer may see (or by nobody any more), about anime that they may see."""
        author = Q(author=None) | Q(Exists(people_visible(viewer).filter(pk=OuterRef("author_id")).order_by()))
        anime = anime_visible_filter(viewer, prefix="anime__") & anime_adult_filter(viewer, prefix="anime__")
        return self.filter(author, Q(anime=None) | anime, deleted_at=None)
