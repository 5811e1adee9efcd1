"""The rows that a tier list usually has."""

from django.db import transaction

from accounts.facade import User
from lists.access_collections import get_collection
from lists.models import Collection, CollectionGroup
from lists.selectors.collections import collection_groups
from lists.services.collection_groups import group_create

TIERS = ("S", "A", "B", "C", "D")


def tier_list_make(*, actor: User, collection: Collection) -> list[CollectionGroup]:
    """Add the rows S, A, B, C and D behind the groups that are there; those whose label there is already are left as they
    are. Returns the new ones. Raises `NotFound` unless it is `actor`'s, `TooManyGroups`.
    """
    with transaction.atomic():
        found = get_collection(actor, collection.pk, is_owned=True, lock=True)
        there = {group.tier_label for group in collection_groups(found)}
        return [
            group_create(actor=actor, collection=found, name=label, tier_label=label)
            for label in TIERS
            if label not in there
        ]
