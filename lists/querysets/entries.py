"""Entries of lists: whose may be seen, and what is read beside them."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from catalog.facade import anime_adult_filter, anime_visible_filter, rating_expression

if TYPE_CHECKING:
    from lists.models.entries import ListEntry  # noqa: F401 — named by the queryset's type


class ListEntryQuerySet(models.QuerySet["ListEntry"]):
    """`visible_to` decides about entries; whether a whole list may be seen decides `lists.access`."""

    def visible_to(self, viewer: Any) -> Self:
        """Without others' private entries, adult titles nobody asked for, and anime that `viewer` may not see.

        One's own entries are all there, also those of anime that were hidden later: to be read and taken off.
        """
        shown = Q(is_private=False) & anime_adult_filter(viewer, prefix="anime__")
        shown &= anime_visible_filter(viewer, prefix="anime__")
        if viewer is not None and viewer.is_authenticated:
            shown |= Q(user_id=viewer.pk)
        return self.filter(shown)

    def with_score(self) -> Self:
        """Each entry with `score`: its person's score of the anime, 0–100 or None."""
        return self.annotate(score=rating_expression(user="user_id", anime="anime_id"))
