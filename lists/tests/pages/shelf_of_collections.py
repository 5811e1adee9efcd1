"""A collection with anime in it, for the tests of its pages."""

from typing import Any

from accounts.models import User
from catalog.models import Anime
from catalog.services.documents import documents_rebuild
from catalog.tests.factories import AnimeFactory
from lists.models import Collection, CollectionItem
from lists.services.collection_items import ItemDraft, items_add
from lists.services.collections import collection_create


def anime_make(count: int) -> list[Anime]:
    """Public anime with their documents."""
    found = [AnimeFactory() for _ in range(count)]
    documents_rebuild(anime_ids=[anime.pk for anime in found])
    return found


def collection_make(owner: User, count: int = 0, **fields: Any) -> Collection:
    """A public collection of `owner`'s with `count` new anime."""
    made = collection_create(actor=owner, **{"title": "Rain and trains", "visibility": "public", **fields})
    fill(made, count)
    return made


def fill(collection: Collection, count: int) -> list[CollectionItem]:
    """Put `count` new anime at its end."""
    drafts = [ItemDraft(anime_id=anime.pk) for anime in anime_make(count)]
    return items_add(actor=collection.owner, collection=collection, drafts=drafts).items
