"""Collections: whose may be seen by whom."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from accounts.facade import people_visible

if TYPE_CHECKING:
    from lists.models.collections import Collection  # noqa: F401 — named by the queryset's type


class CollectionQuerySet(models.QuerySet["Collection"]):
    """`visible_to` is what an address opens, `listed_to` what browsing shows."""

    def visible_to(self, viewer: Any) -> Self:
        """Public and unlisted ones of people whom `viewer` may see, and all of the viewer's own."""
        shown = Q(visibility__in=["public", "unlisted"], owner__in=people_visible(viewer).order_by().values("pk"))
        if viewer is not None and viewer.is_authenticated:
            shown |= Q(owner_id=viewer.pk)
        return self.filter(shown)

    def listed_to(self, viewer: Any) -> Self:
        """Public ones of people whom `viewer` may see."""
        return self.filter(visibility="public", owner__in=people_visible(viewer).order_by().values("pk"))
