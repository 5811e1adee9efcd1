"""Collections made for tests."""

from typing import Any

from accounts.models import User
from lists.models import Collection, CollectionItem
from lists.services.collection_items import ItemDraft, items_add
from lists.services.collections import collection_create


def collection_of(owner: User, *, items: int = 0, **fields: Any) -> Collection:
    """A public collection with so many anime that the catalogue does not know (Shikimori ids 900001, …)."""
    found = collection_create(actor=owner, **{"title": "Shelf", "visibility": "public", **fields})
    drafts = [ItemDraft(shikimori_id=900_001 + n, title=f"Title {n}") for n in range(items)]
    for start in range(0, items, 500):
        items_add(actor=owner, collection=found, drafts=drafts[start : start + 500])
    return found


def order_of(collection: Collection) -> list[str]:
    """The titles in order; fails when positions have holes or doubles."""
    rows = CollectionItem.objects.filter(collection=collection).order_by("position")
    assert [row.position for row in rows] == list(range(len(rows)))
    return [row.anime_title for row in rows]
