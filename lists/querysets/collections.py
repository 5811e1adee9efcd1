"""Collections: whose may be seen by whom."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.facade import people_visible
from catalog.facade import anime_adult_filter, anime_visible_filter

if TYPE_CHECKING:
    from lists.models.collections import (  # noqa: F401 — named by the querysets' types
        Collection,
        CollectionItem,
    )


def _by_people(viewer: Any, key: str, **also: Any) -> Q:
    """The person at `key` is one whom `viewer` may see. Asked row by row: `IN` has SQLite read everybody first."""
    return Q(Exists(people_visible(viewer).filter(pk=OuterRef(key), **also).order_by()))


def collection_listed_filter(*, prefix: str = "") -> Q:
    """The collection at `prefix` ("collection__") is public; whether its owner may be seen is another question."""
    return Q(**{f"{prefix}visibility": "public"})


def _shown_items(viewer: Any) -> Q:
    """Items that others see: titles that the catalogue has not are words, the rest as the viewer may see their anime."""
    known = anime_visible_filter(viewer, prefix="anime__") & anime_adult_filter(viewer, prefix="anime__")
    return Q(anime=None) | known


class CollectionQuerySet(models.QuerySet["Collection"]):
    """`visible_to` is what an address opens, `listed_to` what browsing shows."""

    def visible_to(self, viewer: Any) -> Self:
        """Public and unlisted ones of people whom `viewer` may see, and all of the viewer's own."""
        shown = Q(visibility__in=["public", "unlisted"]) & _by_people(viewer, "owner_id")
        if viewer is not None and viewer.is_authenticated:
            shown |= Q(owner_id=viewer.pk)
        return self.filter(shown)

    def listed_to(self, viewer: Any) -> Self:
        """Public ones of people whom `viewer` may see; those of the suspended and the leaving are browsed by nobody."""
        owned = _by_people(viewer, "owner_id", is_active=True, deletion_due_at=None)
        return self.filter(owned, collection_listed_filter())


class CollectionItemQuerySet(models.QuerySet["CollectionItem"]):
    """Items of collections that the viewer may see."""

    def visible_to(self, viewer: Any, *, is_own: bool = False) -> Self:
        """Without anime that were taken down and adult titles nobody asked for; owners see all they put in."""
        return self if is_own else self.filter(_shown_items(viewer))

    def completable_by(self, viewer: Any, *, is_own: bool = False) -> Self:
        """What a challenge asks for: all but what was taken down. Adult titles stay, or hiding them would shorten it."""
        return self if is_own else self.filter(Q(anime=None) | anime_visible_filter(viewer, prefix="anime__"))

    def seen_in_many(self, viewer: Any) -> Self:
        """As `visible_to`, where some of the collections are the viewer's own and some are others'."""
        own = viewer.pk if viewer is not None and viewer.is_authenticated else None
        shown = _shown_items(viewer)
        return self.filter(shown if own is None else shown | Q(collection__owner_id=own))
