"""Making, changing, copying and deleting collections."""

import logging
import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from accounts.facade import User
from core.errors import PermissionDenied
from core.events import emit
from lists.access_collections import get_collection
from lists.errors import TooManyCollections
from lists.events import CollectionPublished
from lists.models import Collection, CollectionGroup, CollectionItem, CollectionVisibility
from lists.models.collections import DESCRIPTION_LENGTH, TITLE_LENGTH
from lists.services.collection_covers import cover_release, cover_take
from lists.services.collection_mutes import publishing_check, words_check
from lists.services.collection_texts import Texts

if TYPE_CHECKING:
    from lists.access_collections import Viewer

logger = logging.getLogger(__name__)

COLLECTIONS_LIMIT = 200
"""Collections of one person."""
FIELDS = frozenset({"title", "description", "visibility", "cover_id"})
CHUNK = 500


def collection_create(*, actor: User, title: str, **fields: Any) -> Collection:
    """Make a collection of `actor`'s: `title` (≤ 120 characters), `description` (≤ 5,000), `visibility` (private unless
    said), `cover_id` of a picture that `actor` sent. Raises `ValidationFailed`, `TooManyCollections`, and `Muted` unless private.
    """
    wanted = _checked({"title": title, **fields})
    with transaction.atomic():
        held = _room_for_one_more(actor)
        collection = Collection(owner=actor)
        _apply(actor, collection, wanted)
        words_check(collection, says=True, owner=held)
        collection.save(force_insert=True)
        _published(collection, before=CollectionVisibility.PRIVATE)
    return collection


def collection_update(*, actor: User, collection: Collection, **changes: Any) -> Collection:
    """Change any subset of `FIELDS`; `cover_id` None takes the cover away, and one that nothing shows any more is deleted.

    Raises `NotFound` unless it is `actor`'s, `ValidationFailed` naming every bad field, `Muted` for other words of one that
    others may open and for showing it to more of them.
    """
    wanted = _checked(changes)
    with transaction.atomic():
        found = get_collection(actor, collection.pk, is_owned=True, lock=True)
        before, seen_by = found.cover_id, found.visibility
        said = {name: wanted.get(name, getattr(found, name)) for name in ("title", "description", "visibility")}
        publishing_check(found, **said)
        _apply(actor, found, wanted)
        found.save(update_fields=["title", "description", "visibility", "cover", "updated_at"])
        if before != found.cover_id:
            cover_release(before)
        _published(found, before=seen_by)
    return found


def collection_delete(*, actor: User, collection: Collection, as_admin: bool = False) -> None:
    """Delete it with its items, groups, reactions and comments; copies of it stay.

    Raises `NotFound` unless `actor`'s, or for an admin who says so (`as_admin`) one that is not private.
    """
    may_all = as_admin and actor.has_perm("lists.delete_collection")
    with transaction.atomic():
        found = get_collection(actor, collection.pk, is_owned=not may_all, lock=True)
        cover_release(found.cover_id)
        found.delete()
    if may_all:
        logger.info("collection %s deleted by %s", collection.pk, actor.pk)


def collection_fork(*, actor: User, collection: Collection, title: str | None = None) -> Collection:
    """Copy a collection that `actor` may see, with groups, items and cover: private, theirs, `forked_from` the source.

    The source is held meanwhile, so what somebody adds to it just now is wholly in the copy or not at all. Being
    featured or a challenge is not copied. `title` None (or empty) keeps the source's. Raises `NotFound`, `ValidationFailed`,
    `TooManyCollections`.
    """
    named = _checked({"title": title} if title and title.strip() else {})
    with transaction.atomic():
        _room_for_one_more(actor)
        source = get_collection(actor, collection.pk, lock=True)
        copy = Collection.objects.create(
            owner=actor,
            title=named.get("title", source.title),
            description=source.description,
            cover_id=source.cover_id,
            forked_from=source,
        )
        _contents_copy(source, copy)
    return copy


def collection_view(*, viewer: "Viewer", collection: Collection) -> int:
    """Count a look at it, by whomever (reference: bursts count); gives the number. Raises `NotFound`."""
    with transaction.atomic():
        found = get_collection(viewer, collection.pk)
        Collection.objects.filter(pk=found.pk).update(view_count=F("view_count") + 1)
        return Collection.objects.values_list("view_count", flat=True).get(pk=found.pk)


def featured_set(*, actor: User, collection: Collection, is_featured: bool | None = None) -> Collection:
    """Pin a collection to the top of browsing, or take the pin away; None turns it round. Only public ones are pinned
    (reference). Raises `PermissionDenied` for others than admins, `NotFound`.
    """
    if not actor.has_perm("lists.change_collection"):
        raise PermissionDenied()
    with transaction.atomic():
        found = get_collection(actor, collection.pk, lock=True)
        found.is_featured = not found.is_featured if is_featured is None else is_featured
        found.save(update_fields=["is_featured"])
    logger.info("collection %s: featured %s by %s", found.pk, found.is_featured, actor.pk)
    return found


def collection_touch(collection: Collection) -> None:
    """What is in it has changed. The caller holds its row."""
    collection.save(update_fields=["updated_at"])


def _published(collection: Collection, *, before: str) -> None:
    """Tell the house of one that is public now and was not."""
    if CollectionVisibility.PUBLIC == collection.visibility != before:
        emit(CollectionPublished(collection.pk, collection.owner_id))


def _checked(changes: dict[str, Any]) -> dict[str, Any]:
    texts, clean = Texts(), dict(changes)
    texts.refuse_unknown(changes, FIELDS)
    if "title" in changes:
        clean["title"] = texts.read("title", changes["title"], TITLE_LENGTH, is_required=True, is_line=True)
    if "description" in changes:
        clean["description"] = texts.read("description", changes["description"], DESCRIPTION_LENGTH)
    if "visibility" in changes:
        clean["visibility"] = texts.choose("visibility", changes["visibility"], CollectionVisibility.values)
    texts.raise_wrong()
    return clean


def _apply(actor: User, collection: Collection, wanted: dict[str, Any]) -> None:
    for name in ("title", "description", "visibility"):
        if name in wanted:
            setattr(collection, name, wanted[name])
    if "cover_id" in wanted:
        chosen = wanted["cover_id"]
        collection.cover = None if chosen is None else cover_take(user=actor, cover_id=chosen)


def _room_for_one_more(actor: User) -> User:
    """Holds the person's row (and gives it), so that two at once cannot both be the last one."""
    held = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if Collection.objects.filter(owner=actor).count() >= COLLECTIONS_LIMIT:
        raise TooManyCollections()
    return held


def _contents_copy(source: Collection, copy: Collection) -> None:
    groups: dict[uuid.UUID, CollectionGroup] = {
        row.pk: CollectionGroup(
            collection=copy,
            name=row.name,
            description=row.description,
            tier_label=row.tier_label,
            sort_order=row.sort_order,
        )
        for row in CollectionGroup.objects.filter(collection=source).order_by("sort_order", "id")
    }
    CollectionGroup.objects.bulk_create(groups.values(), batch_size=CHUNK)
    rows = CollectionItem.objects.filter(collection=source).order_by("position", "id")
    CollectionItem.objects.bulk_create(
        [
            CollectionItem(
                collection=copy,
                shikimori_id=row.shikimori_id,
                anime_id=row.anime_id,
                anime_title=row.anime_title,
                anime_src=row.anime_src,
                group=groups.get(row.group_id) if row.group_id else None,
                position=position,
                note=row.note,
            )
            for position, row in enumerate(rows)
        ],
        batch_size=CHUNK,
    )


__all__ = [
    "COLLECTIONS_LIMIT",
    "FIELDS",
    "collection_create",
    "collection_delete",
    "collection_fork",
    "collection_touch",
    "collection_update",
    "collection_view",
    "featured_set",
]
