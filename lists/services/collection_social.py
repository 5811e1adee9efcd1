"""What people say of collections: reactions, bookmarks, comments."""

import logging
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.facade import User, muted_check
from core.errors import NotFound
from lists.access_collections import get_collection
from lists.models import Collection, CollectionComment, CollectionFavourite, CollectionReaction
from lists.services.collection_texts import Texts

logger = logging.getLogger(__name__)

COMMENT_LENGTH = 2_000


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


def comment_add(*, actor: User, collection: Collection, body: str) -> CollectionComment:
    """Write under a visible collection, at most 2,000 characters. Raises `Muted` (403), `NotFound`, `ValidationFailed`."""
    texts = Texts()
    text = texts.read("body", body, COMMENT_LENGTH, is_required=True)
    texts.raise_wrong()
    with transaction.atomic():
        found = get_collection(actor, collection.pk, lock=True)
        muted_check(actor)
        return CollectionComment.objects.create(collection=found, author=actor, body=text)


def comment_remove(*, actor: User, comment: CollectionComment, as_admin: bool = False) -> None:
    """Delete a comment softly: its author and the collection's owner may, and admins who say so (`as_admin`).

    Raises `NotFound` for anybody else.
    """
    with transaction.atomic():
        rows = CollectionComment.objects.select_for_update(of=("self",)).select_related("collection")
        found = rows.filter(pk=comment.pk, deleted_at=None).first()
        is_admin = as_admin and actor.has_perm("lists.change_collectioncomment")
        if found is None or not (is_admin or actor.pk in (found.author_id, found.collection.owner_id)):
            raise NotFound()
        found.deleted_at, found.deleted_by = timezone.now(), actor
        found.save(update_fields=["deleted_at", "deleted_by"])
    if actor.pk != found.author_id:
        logger.info("comment %s of a collection deleted by %s", found.pk, actor.pk)


__all__ = [
    "COMMENT_LENGTH",
    "comment_add",
    "comment_remove",
    "favourite_add",
    "favourite_remove",
    "reaction_remove",
    "reaction_set",
]
