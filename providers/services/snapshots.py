"""What is stored of an anime elsewhere becomes what the catalogue says of it."""

from dataclasses import dataclass, field

from django.db.models import Q

from catalog.facade import Applied, external_ids_of, records_apply
from providers.enriching.records import records_stored, sources_chosen_many
from providers.metadata.registry import client_classes
from providers.models import MetadataSnapshot


def snapshots_attach(*, anime_id: int) -> int:
    """Note which anime the kept answers about its ids are of; how many were not noted yet."""
    ids = external_ids_of([anime_id]).get(anime_id, {})
    condition = Q(pk__in=[])
    for name, found in client_classes().items():
        if known := ids.get(found.site):
            condition |= Q(source=name, external_id__in=known)
    rows = MetadataSnapshot.objects.filter(condition).exclude(anime=anime_id)
    return rows.update(anime=anime_id)


def sources_chosen(anime_id: int) -> dict[str, str]:
    """{field: source} as staff chose."""
    return sources_chosen_many([anime_id]).get(anime_id, {})


@dataclass(slots=True)
class Merged:
    """`changed` is {source: names of fields}, `refused` (source, code) of records that are of another work."""

    changed: dict[str, list[str]] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)


def stored_merge(*, anime_id: int) -> Merged:
    """Merge everything that is stored into the anime by ranks, choices and locks, in one short transaction.
    Doing it again changes nothing.
    """
    merged = Merged()
    chosen = sources_chosen(anime_id)
    stored = records_stored(anime_id, chosen=lambda name: {key for key, source in chosen.items() if source == name})
    records = [(said.source, said.record) for said in stored]
    found = records_apply(records=records, anime_id=anime_id, chosen=chosen)
    for (source, _record), applied in zip(records, found, strict=True):
        if not isinstance(applied, Applied):
            merged.refused.append((source, applied.code))
        elif applied.changed:
            merged.changed[source] = sorted({*merged.changed.get(source, ()), *applied.changed})
    return merged
