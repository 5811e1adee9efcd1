"""Anime that somebody might put into a collection."""

from collections.abc import Sequence

from accounts.facade import User
from lists.models import Collection, CollectionItem, ListEntry


def anime_ids_in(collection: Collection) -> set[int]:
    """Ids of the anime that are in it, those of the catalogue alone. One query."""
    items = CollectionItem.objects.filter(collection=collection, anime__isnull=False)
    return {anime_id for anime_id in items.values_list("anime_id", flat=True) if anime_id}


def list_candidates(
    user: User, *, among: Sequence[int] | None = None, without: Collection | None = None, limit: int
) -> list[int]:
    """Ids of anime on the person's list: of those `among`, in their order, or the last changed `without` what is in a
    collection already. One query.
    """
    entries = ListEntry.objects.filter(user=user)
    if among is not None:
        there = set(entries.filter(anime__in=among).values_list("anime_id", flat=True))
        return [anime_id for anime_id in among if anime_id in there][:limit]
    if without is not None:
        entries = entries.exclude(
            anime__in=CollectionItem.objects.filter(collection=without, anime__isnull=False).values("anime_id")
        )
    return list(entries.order_by("-updated_at", "-id").values_list("anime_id", flat=True)[:limit])
