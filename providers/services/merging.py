"""What hangs on an anime follows it when it becomes part of another."""

from catalog.facade import AnimeMerged
from providers.models import (
    CoverHash,
    Enrichment,
    FieldSource,
    MetadataSnapshot,
    NumberingOverride,
    PosterCopy,
    ProviderTitle,
)


def titles_follow_merge(event: AnimeMerged) -> None:
    """Titles, overrides, snapshots and enrichments move to the anime that stays; its own choices and hash win."""
    for model in (ProviderTitle, NumberingOverride, MetadataSnapshot, Enrichment):
        model._base_manager.filter(anime=event.duplicate_id).update(anime=event.keep_id)
    chosen = FieldSource.objects.filter(anime=event.keep_id).values_list("field", flat=True)
    FieldSource.objects.filter(anime=event.duplicate_id, field__in=list(chosen)).delete()
    FieldSource.objects.filter(anime=event.duplicate_id).update(anime=event.keep_id)
    CoverHash.objects.filter(anime=event.duplicate_id).delete()
    if not PosterCopy.objects.filter(anime=event.keep_id).exists():
        PosterCopy.objects.filter(anime=event.duplicate_id).update(anime=event.keep_id)
    PosterCopy.objects.filter(anime=event.duplicate_id).delete()
