"""Sections and tier rows of a collection."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.facade import User
from lists.access_collections import get_collection, get_group
from lists.errors import TooManyGroups
from lists.models import Collection, CollectionGroup
from lists.services.collection_mutes import words_check
from lists.services.collection_texts import Texts
from lists.services.collections import collection_touch

GROUPS_LIMIT = 100
"""Groups of one collection."""
NAME_LENGTH, DESCRIPTION_LENGTH, TIER_LENGTH = 100, 500, 4
ORDER_HIGHEST = 1_000_000
FIELDS = frozenset({"name", "description", "tier_label", "sort_order"})


def group_create(*, actor: User, collection: Collection, name: str, **fields: Any) -> CollectionGroup:
    """Make a group: `name` (≤ 100 characters), `description` (≤ 500), `tier_label` (≤ 4, None: an ordinary section),
    `sort_order` (the end unless said). Raises `ValidationFailed`, `TooManyGroups`, `NotFound` unless `actor`'s, `Muted` for a
    muted person's words in one that others may open.
    """
    wanted = _checked({"name": name, **fields})
    with transaction.atomic():
        found = get_collection(actor, collection.pk, is_owned=True, lock=True)
        words_check(found, says=True)
        rows = CollectionGroup.objects.filter(collection=found)
        if rows.count() >= GROUPS_LIMIT:
            raise TooManyGroups()
        if wanted.get("sort_order") is None:
            last = rows.aggregate(last=Max("sort_order"))["last"]
            wanted["sort_order"] = 0 if last is None else min(last + 1, ORDER_HIGHEST)
        group = CollectionGroup.objects.create(collection=found, **wanted)
        collection_touch(found)
    return group


def group_update(*, actor: User, group: CollectionGroup, **changes: Any) -> CollectionGroup:
    """Change any subset of `FIELDS`; `tier_label` None (or "") makes it an ordinary section. Raises as `group_create`."""
    wanted = _checked(changes)
    with transaction.atomic():
        found = get_collection(actor, group.collection_id, is_owned=True, lock=True)
        row = get_group(actor, group.pk, collection_id=found.pk)
        said = (
            wanted.get(name) for name in ("name", "description", "tier_label") if wanted.get(name) != getattr(row, name)
        )
        words_check(found, says=any(said))
        for name, value in wanted.items():
            if name != "sort_order" or value is not None:
                setattr(row, name, value)
        row.save(update_fields=sorted(FIELDS))
        collection_touch(found)
    return row


def group_move(*, actor: User, group: CollectionGroup, index: int) -> CollectionGroup:
    """Put a group at place `index` (0 the first; beyond the end is the end) and number all groups 0, 1, 2 … again."""
    with transaction.atomic():
        found = get_collection(actor, group.collection_id, is_owned=True, lock=True)
        row = get_group(actor, group.pk, collection_id=found.pk)
        rows = [r for r in CollectionGroup.objects.filter(collection=found).order_by("sort_order", "id") if r != row]
        rows.insert(max(0, index), row)
        for place, other in enumerate(rows):
            other.sort_order = place
        CollectionGroup.objects.bulk_update(rows, ["sort_order"])
        collection_touch(found)
    return row


def group_delete(*, actor: User, group: CollectionGroup) -> None:
    """Delete a group; its items stay where they are, without one (reference). Raises `NotFound` unless `actor`'s."""
    with transaction.atomic():
        found = get_collection(actor, group.collection_id, is_owned=True, lock=True)
        get_group(actor, group.pk, collection_id=found.pk).delete()
        collection_touch(found)


def _checked(changes: dict[str, Any]) -> dict[str, Any]:
    texts, clean = Texts(), dict(changes)
    texts.refuse_unknown(changes, FIELDS)
    if "name" in changes:
        clean["name"] = texts.read("name", changes["name"], NAME_LENGTH, is_required=True, is_line=True)
    if "description" in changes:
        clean["description"] = texts.read("description", changes["description"], DESCRIPTION_LENGTH)
    if changes.get("tier_label") is not None:
        clean["tier_label"] = texts.read("tier_label", changes["tier_label"], TIER_LENGTH, is_line=True) or None
    order = changes.get("sort_order")
    if order is not None and (isinstance(order, bool) or not isinstance(order, int) or abs(order) > ORDER_HIGHEST):
        texts.wrong["sort_order"] = [_("A whole number.")]
    texts.raise_wrong()
    return clean


__all__ = ["GROUPS_LIMIT", "group_create", "group_delete", "group_move", "group_update"]
