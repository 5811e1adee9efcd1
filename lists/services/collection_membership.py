"""Putting one anime into several collections at once, and taking it out of others."""

import uuid
from collections.abc import Collection as Many

from django.db import transaction

from accounts.facade import User
from lists.models import Collection, CollectionItem
from lists.services.collection_items import ItemDraft, item_remove, items_add
from lists.services.collections import collection_create


def membership_set(
    *, actor: User, anime_id: int, shown: Many[uuid.UUID], wanted: Many[uuid.UUID], new_title: str = ""
) -> None:
    """Of `actor`'s collections that were `shown`, let those that are `wanted` hold the anime and the others not; with a
    `new_title` a private collection is made that begins with it.

    All or nothing. Ids of others' collections are passed over. Raises what `items_add`, `item_remove` and
    `collection_create` raise.
    """
    draft = ItemDraft(anime_id=anime_id)
    with transaction.atomic():
        rows = list(Collection.objects.filter(owner=actor, pk__in=set(shown) | set(wanted)).order_by("pk"))
        items = CollectionItem.objects.filter(collection__in=rows, anime=anime_id)
        there = {item.collection_id: item for item in items}
        for row in rows:
            if row.pk in wanted and row.pk not in there:
                items_add(actor=actor, collection=row, drafts=[draft])
            elif row.pk not in wanted and row.pk in there:
                item_remove(actor=actor, item=there[row.pk])
        if new_title.strip():
            items_add(actor=actor, collection=collection_create(actor=actor, title=new_title), drafts=[draft])
