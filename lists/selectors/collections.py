"""Collections as somebody sees them: browsing, one of them, what is in it, what people say of it."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.facade import anime_cards
from core.errors import NotAuthenticated
from lists.access_collections import get_collection
from lists.models import (
    Collection,
    CollectionFavourite,
    CollectionGroup,
    CollectionItem,
    CollectionReaction,
    CollectionVisibility,
)
from lists.selectors.collection_anime import poster_address
from lists.selectors.collection_challenges import challenge_progress

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User

    Viewer = User | AnonymousUser

PREVIEW = 4
SORTS = {
    "": ("-is_featured", "-updated_at", "-id"),
    "updated": ("-updated_at", "-id"),
    "new": ("-created_at", "-id"),
    "views": ("-view_count", "-id"),
    "favourites": ("-keepers", "-view_count", "-id"),
    "title": ("title", "id"),
}
"""Browsing begins with the featured ones (reference)."""


@dataclass(frozen=True, slots=True)
class CollectionQuery:
    """What is asked for. `visibility`: "" what the reference calls the default, or one of the three; `q`: words of the
    title; `sort`: a key of `SORTS`; `is_favourite`: those that the viewer has bookmarked.
    """

    owner_id: uuid.UUID | None = None
    visibility: str = ""
    q: str = ""
    sort: str = ""
    is_challenge: bool = False
    is_favourite: bool = False


@dataclass(frozen=True, slots=True)
class CollectionShown:
    """A collection with what is said beside it. `collection.owner.avatar` and `.cover` are loaded; `anime_count` is of the
    items that the viewer sees in it (`collection_items`); `forked_from_id` is there only when the viewer may see the
    source; `previews` are cards of the first anime.
    """

    collection: Collection
    anime_count: int
    like_count: int
    favourite_count: int
    forked_from_id: uuid.UUID | None
    is_own: bool
    previews: tuple[dict, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item and the card of its anime, None when the catalogue has none that the viewer may see."""

    item: CollectionItem
    card: dict | None

    @property
    def title(self) -> str:
        """What the catalogue calls it now, else what was kept beside it."""
        return str(self.card["title"]) if self.card else self.item.anime_title

    @property
    def picture(self) -> str:
        """The address of its poster here, else what was kept: a picture of ours may have been replaced since."""
        return (poster_address(self.card) if self.card else "") or self.item.anime_src


@dataclass(frozen=True, slots=True)
class SocialState:
    """`reaction` is the viewer's own: "like", "dislike" or None."""

    like_count: int
    dislike_count: int
    reaction: str | None
    favourite_count: int
    is_favourite: bool
    view_count: int


def collections_of(viewer: "Viewer", query: CollectionQuery) -> QuerySet[Collection]:
    """The collections that are asked for, in order. Raises `NotAuthenticated` for a stranger's private ones.

    Reference, GET /collections: public ones by default; an owner's own of every visibility to themselves, public ones to
    others; unlisted and private ones are always the viewer's own, whatever `owner_id` says.
    """
    own = viewer.pk if viewer.is_authenticated else None
    if query.visibility in (CollectionVisibility.UNLISTED, CollectionVisibility.PRIVATE):
        if own is None:
            raise NotAuthenticated()
        found = Collection.objects.filter(owner_id=own, visibility=query.visibility)
    elif query.is_favourite:
        if own is None:
            raise NotAuthenticated()
        kept = CollectionFavourite.objects.filter(user=own).values("collection_id")
        found = Collection.objects.visible_to(viewer).filter(pk__in=kept)
    elif query.owner_id is not None and query.owner_id == own:
        found = Collection.objects.filter(owner_id=own)
        if query.visibility:
            found = found.filter(visibility=query.visibility)
    else:
        found = Collection.objects.listed_to(viewer)
        if query.owner_id is not None:
            found = found.filter(owner_id=query.owner_id)
    if query.q.strip():
        found = found.filter(title__icontains=query.q.strip())
    if query.is_challenge:
        found = found.filter(is_challenge=True)
    if query.sort == "favourites":
        keepers = CollectionFavourite.objects.filter(collection=OuterRef("pk")).order_by().values("collection")
        found = found.annotate(keepers=Coalesce(Subquery(keepers.annotate(n=Count("pk")).values("n")), 0))
    own_first = query.owner_id is not None and query.owner_id == own
    order = SORTS.get(query.sort, SORTS[""])
    return found.order_by(*(SORTS["updated"] if own_first and not query.sort else order))


def collections_page(
    viewer: "Viewer", query: CollectionQuery | None = None, *, offset: int = 0, limit: int = 20, previews: bool = False
) -> tuple[int, list[CollectionShown]]:
    """How many there are, and one stretch of them; six queries, two more with `previews`."""
    found = collections_of(viewer, query or CollectionQuery())
    return found.count(), collections_stretch(viewer, found, offset=offset, limit=limit, previews=previews)


def collections_stretch(
    viewer: "Viewer", found: QuerySet[Collection], *, offset: int, limit: int, previews: bool = False
) -> list[CollectionShown]:
    """One stretch of `collections_of` with what is said beside each."""
    # The page's keys first: joining people and pictures to what is only sorted and thrown away costs more than asking twice.
    keys = list(found.values_list("pk", flat=True)[offset : offset + limit])
    rows = {row.pk: row for row in Collection.objects.filter(pk__in=keys).select_related("owner__avatar", "cover")}
    return _shown(viewer, [rows[pk] for pk in keys if pk in rows], previews=previews)


def collection_shown(viewer: "Viewer", collection_id: uuid.UUID) -> CollectionShown:
    """One collection as `viewer` sees it; five queries. Raises `NotFound`."""
    return _shown(viewer, [get_collection(viewer, collection_id)])[0]


def shown_of(viewer: "Viewer", collection: Collection) -> CollectionShown:
    """The same for one that was loaded (or written) already."""
    return _shown(viewer, [collection])[0]


def _shown(viewer: "Viewer", rows: Sequence[Collection], *, previews: bool = False) -> list[CollectionShown]:
    keys = [row.pk for row in rows]
    items = _counts(CollectionItem.objects.filter(collection__in=keys).seen_in_many(viewer))
    likes = _counts(CollectionReaction.objects.filter(collection__in=keys, value=CollectionReaction.Value.LIKE))
    kept = _counts(CollectionFavourite.objects.filter(collection__in=keys))
    sources = {row.forked_from_id for row in rows if row.forked_from_id}
    seen = set(Collection.objects.visible_to(viewer).filter(pk__in=sources).values_list("pk", flat=True))
    pictures = _previews(viewer, keys) if previews else {}
    return [
        CollectionShown(
            collection=row,
            anime_count=items[row.pk],
            like_count=likes[row.pk],
            favourite_count=kept[row.pk],
            forked_from_id=row.forked_from_id if row.forked_from_id in seen else None,
            is_own=viewer.is_authenticated and row.owner_id == viewer.pk,
            previews=pictures.get(row.pk, ()),
        )
        for row in rows
    ]


def _counts(rows: QuerySet) -> Counter[uuid.UUID]:
    return Counter(dict(rows.order_by().values_list("collection_id").annotate(Count("pk"))))


def _previews(viewer: "Viewer", keys: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[dict, ...]]:
    """Cards of the anime that stand first: positions have no holes, so the first few are found by their number."""
    first = CollectionItem.objects.filter(collection__in=keys, position__lt=PREVIEW * 2, anime__isnull=False)
    rows = list(first.visible_to(viewer).order_by("position", "id").values_list("collection_id", "anime_id"))
    cards = anime_cards(viewer, sorted({anime_id for _key, anime_id in rows if anime_id}))
    found: dict[uuid.UUID, tuple[dict, ...]] = {}
    for key, anime_id in rows:
        if anime_id in cards and len(found.get(key, ())) < PREVIEW:
            found[key] = (*found.get(key, ()), cards[anime_id])
    return found


def collection_items(
    viewer: "Viewer", collection: Collection, *, offset: int = 0, limit: int | None = None, cards: bool = False
) -> list[ItemShown]:
    """Items by position, without those whose anime `viewer` may not see; two queries with `cards`, else one.

    The caller got `collection` from `access_collections.get_collection`.
    """
    is_own = viewer.is_authenticated and collection.owner_id == viewer.pk
    found = CollectionItem.objects.filter(collection=collection).visible_to(viewer, is_own=is_own)
    rows = list(found.order_by("position", "id")[offset : None if limit is None else offset + limit])
    known: dict[int, dict] = {}
    if cards:
        known = anime_cards(viewer, sorted({row.anime_id for row in rows if row.anime_id}))
    return [ItemShown(row, known.get(row.anime_id or 0)) for row in rows]


def collection_groups(collection: Collection) -> list[CollectionGroup]:
    """Its groups by `sort_order`; at most 100."""
    return list(CollectionGroup.objects.filter(collection=collection).order_by("sort_order", "id"))


def social_state(viewer: "Viewer", collection: Collection) -> SocialState:
    """What people say of it, and what the viewer said; three queries for those signed in, two for strangers."""
    reactions = dict(
        CollectionReaction.objects.filter(collection=collection).order_by().values_list("value").annotate(Count("pk"))
    )
    own = viewer.pk if viewer.is_authenticated else None
    kept = CollectionFavourite.objects.filter(collection=collection).aggregate(
        count=Count("pk"), mine=Count("pk", filter=Q(user=own))
    )
    mine = None
    if own is not None:
        mine = (
            CollectionReaction.objects.filter(collection=collection, user=own).values_list("value", flat=True).first()
        )
    return SocialState(
        like_count=reactions.get(CollectionReaction.Value.LIKE, 0),
        dislike_count=reactions.get(CollectionReaction.Value.DISLIKE, 0),
        reaction=mine,
        favourite_count=kept["count"],
        is_favourite=own is not None and bool(kept["mine"]),
        view_count=collection.view_count,
    )


__all__ = [
    "CollectionQuery",
    "CollectionShown",
    "ItemShown",
    "SocialState",
    "challenge_progress",
    "collection_groups",
    "collection_items",
    "collection_shown",
    "collections_of",
    "collections_page",
    "collections_stretch",
    "shown_of",
    "social_state",
]
