"""In which of somebody's own collections an anime is."""

import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.facade import User
from lists.models import Collection, CollectionItem

OFFERED = 100


@dataclass(frozen=True, slots=True)
class Membership:
    """One of the person's own collections; `is_in` says whether the anime is in it."""

    id: uuid.UUID
    title: str
    visibility: str
    is_in: bool


def memberships_of(user: User, anime_id: int) -> list[Membership]:
    """The person's collections, last changed first, at most 100. One query."""
    there = CollectionItem.objects.filter(collection=OuterRef("pk"), anime=anime_id)
    rows = Collection.objects.filter(owner=user).annotate(is_in=Exists(there)).order_by("-updated_at", "-id")
    return [Membership(*row) for row in rows.values_list("pk", "title", "visibility", "is_in")[:OFFERED]]
