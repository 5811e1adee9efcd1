"""Telling the rest of the house that something of the catalogue has changed."""

from collections.abc import Collection

from django.db import transaction

from catalog.models import CatalogChange
from catalog.services.documents import documents_rebuild
from core import generation

BULK = 500
"""From more changed anime than this, one row says "everything may have changed"."""


def catalog_touch(*, anime_ids: Collection[int]) -> None:
    """Rebuild the documents of these anime, log the change, move the generation on.

    Call it last, inside the transaction that changed them: readers see the change and the new documents at once.
    """
    if not anime_ids:
        return
    with transaction.atomic():
        documents_rebuild(anime_ids=anime_ids)
        catalog_change_record(anime_ids=anime_ids)


def catalog_change_record(*, anime_ids: Collection[int] | None) -> None:
    """Log that these anime changed (None: any of them may have), for whoever has rebuilt the documents already."""
    with transaction.atomic():
        if anime_ids is None or len(set(anime_ids)) > BULK:
            CatalogChange.objects.create(anime_id=None)
        else:
            CatalogChange.objects.bulk_create(CatalogChange(anime_id=key) for key in sorted(set(anime_ids)))
        generation.bump_on_commit()
