"""Collections, their groups and items as templates draw them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from accounts.facade import User
from catalog.facade import CardView, Image, card_view
from core.media.images import image_sources
from core.models import StoredImage
from core.site.preferences import TitleLanguage, title_language_of
from lists.models import Collection, CollectionGroup, EntryStatus
from lists.selectors.collections import CollectionShown, ItemShown, collection_items
from lists.selectors.entries import statuses_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser

POSTERS = 4
COVER_WIDTH = 640
TIER_HUES = (28, 58, 92, 138, 178, 222, 268, 312)
"""Degrees of OKLCH: the best row is red, each lower one cooler; rows past the last keep its colour."""


@dataclass(frozen=True, slots=True)
class ShelfView:
    """A collection as a card. `posters` are drawn when there is no `cover`; `gaps` fill up to four."""

    title: str
    href: str
    owner: User
    count: int
    favourites: int
    views: int
    visibility: str
    is_featured: bool
    is_challenge: bool
    cover: Image | None
    posters: tuple[CardView, ...]

    @property
    def gaps(self) -> range:
        return range(POSTERS - len(self.posters))


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item: `href` is "" for an anime that the catalogue does not show, whose cover is drawn from its kept title.

    `status` is the viewer's own list status, "" without one.
    """

    id: uuid.UUID
    group_id: uuid.UUID | None
    card: CardView
    href: str
    note: str
    status: str
    status_label: str


@dataclass(slots=True)
class GroupView:
    """A section, or with a `tier_label` a row of a tier list; neighbouring rows share a frame, which the first opens and
    the last closes. `hue` is of its rank among the rows.
    """

    id: uuid.UUID
    name: str
    description: str
    tier_label: str
    items: list[ItemView] = field(default_factory=list)
    hue: int = 0
    opens_tiers: bool = False
    closes_tiers: bool = False
    is_add_target: bool = False

    @property
    def is_tier(self) -> bool:
        return bool(self.tier_label)


def cover_of(image: StoredImage | None) -> Image | None:
    """A stored cover for <picture>."""
    if image is None:
        return None
    found = image_sources(image, width=COVER_WIDTH)
    return Image(found.src, found.webp, found.avif, found.width, found.height)


def shelf_view(shown: CollectionShown, language: TitleLanguage) -> ShelfView:
    """One collection, in the viewer's language of titles."""
    row = shown.collection
    return ShelfView(
        title=row.title,
        href=reverse("collection", args=[row.pk]),
        owner=row.owner,
        count=shown.anime_count,
        favourites=shown.favourite_count,
        views=row.view_count,
        visibility=row.visibility,
        is_featured=row.is_featured,
        is_challenge=row.is_challenge,
        cover=cover_of(row.cover),
        posters=tuple(card_view(card, language) for card in shown.previews[:POSTERS]),
    )


def shelf_views(shown: Iterable[CollectionShown], request: HttpRequest) -> list[ShelfView]:
    """Many of them, in order."""
    language = title_language_of(request)
    return [shelf_view(one, language) for one in shown]


def item_views(request: HttpRequest, rows: Sequence[ItemShown], *, statuses: Mapping[int, str]) -> list[ItemView]:
    """Items in their order; `statuses` by anime id."""
    language = title_language_of(request)
    return [_item_view(row, language, statuses) for row in rows]


def items_of(request: HttpRequest, collection: Collection, *, with_statuses: bool = True) -> list[ItemView]:
    """All items of a collection as the viewer sees them, with the viewer's own status of each; three queries."""
    rows = collection_items(request.user, collection, cards=True)
    ids = [row.item.anime_id for row in rows if row.item.anime_id and row.card]
    knows = with_statuses and request.user.is_authenticated and ids
    return item_views(request, rows, statuses=statuses_of(request.user, ids) if knows else {})  # type: ignore[arg-type]


def groups_filled(
    groups: Iterable[CollectionGroup], items: Iterable[ItemView]
) -> tuple[list[GroupView], list[ItemView]]:
    """(groups with their items, items without a group)."""
    views = [GroupView(row.pk, row.name, row.description, row.tier_label or "") for row in groups]
    by_id = {view.id: view for view in views}
    loose: list[ItemView] = []
    for item in items:
        by_id[item.group_id].items.append(item) if item.group_id in by_id else loose.append(item)
    rank = 0
    for before, view, after in zip([None, *views], views, [*views[1:], None], strict=False):
        if view.is_tier:
            view.hue = TIER_HUES[min(rank, len(TIER_HUES) - 1)]
            view.opens_tiers = before is None or not before.is_tier
            view.closes_tiers = after is None or not after.is_tier
            rank += 1
    return views, loose


def _item_view(row: ItemShown, language: TitleLanguage, statuses: Mapping[int, str]) -> ItemView:
    item = row.item
    card = card_view(row.card or _drawn(row), language)
    status = statuses.get(item.anime_id or 0, "")
    return ItemView(
        id=item.pk,
        group_id=item.group_id,
        card=card,
        href=card.href if row.card else "",
        note=item.note,
        status=status,
        status_label=str(EntryStatus(status).label) if status else "",
    )


def _drawn(row: ItemShown) -> dict[str, Any]:
    """A card of what the item itself keeps: its title alone, never the picture's address on another host."""
    title = row.item.anime_title or gettext("Anime %(id)s") % {"id": row.item.shikimori_id or ""}
    return {"id": 0, "title": title.strip(), "genres": []}
