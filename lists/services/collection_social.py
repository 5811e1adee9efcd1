"""What people say of collections: reactions and bookmarks; their comments are of `social`."""

import uuid

from django.db import transaction

from accounts.facade import User
from lists.access_collections import get_collection
from lists.models import Collection, CollectionFavourite, CollectionReaction
from lists.services.collection_texts import Texts


def reaction_set(*, actor: User, collection: Collection, value: str) -> None:
    """Like or dislike a visible collection, one's own too; another value replaces the first (reference).

    Raises `ValidationFailed`, `NotFound`.
    """
    texts = Texts()
    texts.choose("reaction", value, CollectionReaction.Value.values)
    texts.raise_wrong()
    with transaction.atomic():
        found = get_collection(actor, collection.pk, lock=True)
        CollectionReaction.objects.bulk_create(
            [CollectionReaction(collection=found, user=actor, value=value)],
            update_conflicts=True,
            unique_fields=["collection", "user"],
            update_fields=["value"],
        )


def reaction_remove(*, actor: User, collection: Collection) -> None:
    """Take the reaction away, if there is one."""
    CollectionReaction.objects.filter(collection=collection, user=actor).delete()


def favourite_add(*, actor: User, collection: Collection) -> None:
    """Bookmark a visible collection; once is enough. Raises `NotFound`."""
    with transaction.atomic():
        found = get_collection(actor, collection.pk, lock=True)
        CollectionFavourite.objects.bulk_create(
            [CollectionFavourite(collection=found, user=actor)], ignore_conflicts=True
        )


def favourite_remove(*, actor: User, collection_id: uuid.UUID) -> None:
    """Take the bookmark away, if there is one; also of a collection that `actor` may no longer see (reference)."""
    CollectionFavourite.objects.filter(collection=collection_id, user=actor).delete()


__all__ = [
    "favourite_add",
    "favourite_remove",
    "reaction_remove",
    "reaction_set",
]
