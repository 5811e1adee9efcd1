"""What each source says of each field of an anime, beside what the catalogue says now."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from catalog.facade import AnimeRecord, anime_fields
from providers.enriching.records import records_stored, sources_chosen_many

FRESH = datetime.timedelta(hours=24)
_NAMES = ("title", "titles")
"""A provider's names are candidates, too, though they join the anime's only where staff choose so."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One source's value; `fetched_at` is when the source said it, `is_stale` when that is more than a day ago."""

    source: str
    value: Any
    fetched_at: datetime.datetime
    is_stale: bool


@dataclass(slots=True)
class FieldCandidates:
    """`current` came from `source` ("" not known); `chosen` is the source that staff let it follow, None by rank."""

    current: Any
    source: str
    locked: bool
    chosen: str | None = None
    candidates: list[Candidate] = field(default_factory=list)


def field_candidates(anime_id: int) -> dict[str, FieldCandidates]:
    """{field or collection: what is and what could be}; the same number of queries for any anime. Raises `NotFound`."""
    chosen = sources_chosen_many([anime_id]).get(anime_id, {})
    found = {
        name: FieldCandidates(now.value, now.source, now.is_locked, chosen.get(name))
        for name, now in anime_fields(anime_id).items()
    }
    for said in records_stored(anime_id, chosen=lambda _name: _NAMES):
        is_stale = timezone.now() - said.at > FRESH
        for name, field_found in found.items():
            value = value_of(said.record, name)
            if value not in (None, "", [], {}):
                field_found.candidates.append(Candidate(said.source, value, said.at, is_stale))
    return found


def value_of(record: AnimeRecord, name: str) -> Any:
    """What a record says of a field, as the current value is shown; None for nothing."""
    if name == "titles":
        return [{"text": row.text, "language": row.language, "kind": str(row.kind)} for row in record.titles]
    if name in ("genres", "tags"):
        return [row.name for row in getattr(record, name) or ()]
    if name == "studios":
        return [{"name": row.name, "role": str(row.role)} for row in record.studios or ()]
    if name == "relations":
        rows = record.relations or ()
        return [{"kind": row.kind, "anime_id": None, "mal_id": row.mal_id, "title": row.title} for row in rows]
    if name == "broadcasts":
        return [
            {"site": row.site, "first_at": row.first_at, "ends_at": row.ends_at, "period_days": row.period_days}
            for row in record.broadcasts or ()
        ]
    if name == "external_ids":
        return dict(record.ids)
    if name == "official_links":
        return [{"site": row.site, "url": row.url} for row in record.links]
    return record.fields.get(name)
