"""Which collection somebody may look at, and which they may change: decided here, once for the API and the pages."""

import uuid
from typing import TYPE_CHECKING

from core.errors import NotFound
from lists.models import Collection, CollectionGroup, CollectionItem

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User

    Viewer = User | AnonymousUser


def get_collection(
    viewer: "Viewer", collection_id: uuid.UUID, *, is_owned: bool = False, lock: bool = False
) -> Collection:
    """The collection as far as `viewer` may see it, with its owner, cover and the owner's picture; one query.

    Raises `NotFound` for none, for a private one of others, and for others' at all when it has to be `is_owned` (404,
    never 403: reference and threat 16). `lock` holds its row until the transaction ends: what is in a collection
    changes only under this lock, so that positions stay dense and a copy is whole.
    """
    found = Collection.objects.visible_to(viewer).filter(pk=collection_id)
    if is_owned:
        found = found.filter(owner_id=viewer.pk)
    if lock:
        found = found.select_for_update(no_key=True, of=("self",))
    collection = found.select_related("owner__avatar", "cover").first()
    if collection is None:
        raise NotFound()
    return collection


def get_item(actor: "User", item_id: uuid.UUID, *, collection_id: uuid.UUID | None = None) -> CollectionItem:
    """An item of a collection of `actor`'s (of this one, when it is named), with its collection. Raises `NotFound`."""
    found = CollectionItem.objects.filter(pk=item_id, collection__owner=actor).select_related("collection")
    item = (found if collection_id is None else found.filter(collection=collection_id)).first()
    if item is None:
        raise NotFound()
    return item


def get_group(actor: "User", group_id: uuid.UUID, *, collection_id: uuid.UUID | None = None) -> CollectionGroup:
    """A group of a collection of `actor`'s (of this one, when it is named), with its collection. Raises `NotFound`."""
    found = CollectionGroup.objects.filter(pk=group_id, collection__owner=actor).select_related("collection")
    group = (found if collection_id is None else found.filter(collection=collection_id)).first()
    if group is None:
        raise NotFound()
    return group


__all__ = ["get_collection", "get_group", "get_item"]
