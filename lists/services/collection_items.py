"""What is in a collection: adding, changing, moving and removing anime. Positions run 0, 1, 2 … without holes."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Min
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import ValidationFailed
from lists.access_collections import get_collection, get_item
from lists.errors import ChallengeLocked, TooManyItems
from lists.models import Collection, CollectionGroup, CollectionItem
from lists.services.collection_drafts import ItemDraft, ItemsAdded, drafts_resolved
from lists.services.collection_mutes import words_check
from lists.services.collection_texts import Texts
from lists.services.collections import collection_touch

ITEMS_LIMIT = 2_000
"""Items of one collection."""
ITEMS_AT_ONCE = 500
NOTE_LENGTH = 500
FIELDS = frozenset({"group_id", "position", "index", "note"})
CHUNK = 500


def items_add(
    *, actor: User, collection: Collection, drafts: Sequence[ItemDraft], group_id: uuid.UUID | None = None
) -> ItemsAdded:
    """Put anime at the end of a collection; those that are in it already are silently skipped (reference).

    At most 500 at once and 2,000 in all. Raises `ValidationFailed` (too many at once, no such anime or group, a bad text),
    `TooManyItems` (nothing is added then), `ChallengeLocked`, `NotFound` unless it is `actor`'s, `Muted` for words of a muted
    person (notes, titles that the catalogue does not know) in one that others may open.
    """
    if len(drafts) > ITEMS_AT_ONCE:
        raise ValidationFailed({"items": [_("At most %(limit)s at once.") % {"limit": ITEMS_AT_ONCE}]})
    rows = drafts_resolved(actor, drafts)
    with transaction.atomic():
        found = _held(actor, collection)
        _challenge_check(actor, found)
        group = _group_of(found, group_id)
        positions_close(found.pk)
        there = list(CollectionItem.objects.filter(collection=found).values_list("shikimori_id", "anime_id"))
        shikimori_ids, anime_ids = {a for a, _b in there if a}, {b for _a, b in there if b}
        new: list[CollectionItem] = []
        for row in rows:
            if row.shikimori_id in shikimori_ids or row.anime_id in anime_ids:
                continue
            shikimori_ids.update([row.shikimori_id] if row.shikimori_id else [])
            anime_ids.update([row.anime_id] if row.anime_id else [])
            row.collection, row.group, row.position = found, group, len(there) + len(new)
            new.append(row)
        if len(there) + len(new) > ITEMS_LIMIT:
            raise TooManyItems()
        words_check(found, says=any(row.note or (row.anime_id is None and row.anime_title) for row in new))
        if new:
            CollectionItem.objects.bulk_create(new, batch_size=CHUNK)
            collection_touch(found)
    return ItemsAdded(items=new, skipped=len(drafts) - len(new))


def item_update(*, actor: User, item: CollectionItem, **changes: Any) -> CollectionItem:
    """Change any subset of `group_id` (None: out of its group), `position` (in the collection), `index` (among the items
    of its group) and `note` (≤ 500 characters). A place beyond the end is the end.

    Raises `ValidationFailed` for a group of another collection and places below 0, `NotFound` unless it is `actor`'s, `Muted`
    for a muted person's note in one that others may open.
    """
    texts, clean = Texts(), dict(changes)
    texts.refuse_unknown(changes, FIELDS)
    if "note" in changes:
        clean["note"] = texts.read("note", changes["note"], NOTE_LENGTH)
    for name in ("position", "index"):
        value = changes.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            texts.wrong[name] = [_("A whole number from 0 on.")]
    texts.raise_wrong()
    with transaction.atomic():
        found, row = _held_with_item(actor, item)
        if "group_id" in clean:
            row.group = _group_of(found, clean["group_id"])
        if "note" in clean:
            words_check(found, says=bool(clean["note"]) and clean["note"] != row.note)
            row.note = clean["note"]
        row.save(update_fields=["group", "note"])
        if "index" in clean:
            _place(found, row, _position_in_group(found, row, clean["index"]))
        elif "position" in clean:
            _place(found, row, clean["position"])
        collection_touch(found)
    return row


def item_move(*, actor: User, item: CollectionItem, group_id: uuid.UUID | None, index: int) -> CollectionItem:
    """Put an item at place `index` (0 the first) of a group, None the ungrouped ones; as `item_update` says."""
    return item_update(actor=actor, item=item, group_id=group_id, index=index)


def item_remove(*, actor: User, item: CollectionItem) -> None:
    """Take an item out; those behind it move up. Raises `NotFound` unless it is `actor`'s, `ChallengeLocked`."""
    with transaction.atomic():
        found, row = _held_with_item(actor, item)
        _challenge_check(actor, found)
        CollectionItem.objects.filter(pk=row.pk).delete()
        CollectionItem.objects.filter(collection=found, position__gt=row.position).update(position=F("position") - 1)
        collection_touch(found)


def positions_close(collection_id: uuid.UUID) -> None:
    """Number the items 0, 1, 2 … again where there are holes or doubles. The caller holds the collection's row."""
    rows = CollectionItem.objects.filter(collection=collection_id)
    found = rows.aggregate(count=Count("pk"), last=Max("position"), first=Min("position"))
    if found["count"] and (found["last"] != found["count"] - 1 or found["first"] != 0):
        _renumber(list(rows.order_by("position", "id").only("pk", "position")))


def _renumber(rows: list[CollectionItem]) -> None:
    moved = []
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
            moved.append(row)
    CollectionItem.objects.bulk_update(moved, ["position"], batch_size=CHUNK)


def _held(actor: User, collection: Collection) -> Collection:
    return get_collection(actor, collection.pk, is_owned=True, lock=True)


def _held_with_item(actor: User, item: CollectionItem) -> tuple[Collection, CollectionItem]:
    """The collection's row held first, the item as it is then: what another call just moved is where that put it."""
    found = get_collection(actor, item.collection_id, is_owned=True, lock=True)
    positions_close(found.pk)
    return found, get_item(actor, item.pk, collection_id=found.pk)


def _challenge_check(actor: User, collection: Collection) -> None:
    """What is in a challenge is the administrators' to say: its owner could make it short and claim (reference: farming)."""
    if collection.is_challenge and not actor.has_perm("lists.change_collection"):
        raise ChallengeLocked()


def _group_of(collection: Collection, group_id: uuid.UUID | None) -> CollectionGroup | None:
    if group_id is None:
        return None
    group = CollectionGroup.objects.filter(pk=group_id, collection=collection).first()
    if group is None:
        raise ValidationFailed({"group_id": [_("This collection has no such group.")]})
    return group


def _position_in_group(collection: Collection, row: CollectionItem, index: int) -> int:
    """The place in the collection at which `row` is the `index`-th of its group."""
    others = CollectionItem.objects.filter(collection=collection, group=row.group_id).exclude(pk=row.pk)
    places = list(others.order_by("position", "id").values_list("position", flat=True))
    if not places:
        return row.position
    before = places[index] if index < len(places) else places[-1] + 1
    return before - 1 if before > row.position else before


def _place(collection: Collection, row: CollectionItem, position: int) -> None:
    """Put `row` at `position` and close up behind it; two statements whatever the length."""
    rows = CollectionItem.objects.filter(collection=collection)
    position = min(position, rows.count() - 1)
    if position < row.position:
        rows.filter(position__gte=position, position__lt=row.position).update(position=F("position") + 1)
    elif position > row.position:
        rows.filter(position__gt=row.position, position__lte=position).update(position=F("position") - 1)
    row.position = position
    row.save(update_fields=["position"])


__all__ = [
    "ITEMS_AT_ONCE",
    "ITEMS_LIMIT",
    "ItemDraft",
    "ItemsAdded",
    "item_move",
    "item_remove",
    "item_update",
    "items_add",
    "positions_close",
]
