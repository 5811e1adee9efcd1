"""What is stored of an anime elsewhere becomes what the catalogue says of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from catalog.facade import AnimeRecord, Applied, external_ids_of, records_apply
from providers.enriching.records import snapshot_record, title_record
from providers.metadata.registry import client_classes
from providers.models import FieldSource, MetadataSnapshot, ProviderTitle


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
    return dict(FieldSource.objects.filter(anime=anime_id).values_list("field", "source"))


def records_stored(anime_id: int, chosen: Mapping[str, str]) -> Iterator[tuple[str, AnimeRecord]]:
    """(source, what it says) of every kept answer, then of every provider's page by the provider's position; `chosen` as
    `sources_chosen` says.
    """
    for snapshot in MetadataSnapshot.objects.filter(anime=anime_id).order_by("source", "external_id"):
        if record := snapshot_record(snapshot):
            yield snapshot.source, record
    titles = ProviderTitle.objects.filter(anime=anime_id).exclude(detail_at=None).select_related("provider")
    for title in titles.order_by("provider__position", "provider__name", "pk"):
        name = title.provider.name
        yield name, title_record(title, chosen={key for key, source in chosen.items() if source == name})


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
    records = list(records_stored(anime_id, chosen))
    found = records_apply(records=records, anime_id=anime_id, chosen=chosen)
    for (source, _record), applied in zip(records, found, strict=True):
        if not isinstance(applied, Applied):
            merged.refused.append((source, applied.code))
        elif applied.changed:
            merged.changed[source] = sorted({*merged.changed.get(source, ()), *applied.changed})
    return merged
