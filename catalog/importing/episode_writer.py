"""Storing a batch of episode records: what differs from the stored rows, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from catalog.importing.matching import ids_find
from catalog.importing.records import EpisodeRecord
from catalog.importing.rows import rows_insert, rows_update
from catalog.importing.writer import documents_stale
from catalog.models import Episode, FieldProvenance, Season, Site

FIELDS = (
    "season_number",
    "absolute_number",
    "title",
    "titles",
    "aired_on",
    "duration_seconds",
    "is_filler",
    "is_recap",
    "still_url",
    "tvdb_id",
)
"""The columns of `Episode` that imports write, beside its season."""

Key = tuple[int, str, int]


@dataclass(slots=True)
class EpisodeCounts:
    """How many episodes were created, changed, left alone; `rejected` holds (record's place, reason), `touched` the anime."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)


def episodes_write(
    records: list[EpisodeRecord], *, is_dry: bool = False, expected: Collection[int] = ()
) -> EpisodeCounts:
    """Store what differs. The caller holds a transaction.

    Nothing known is overwritten by nothing, and no stored episode of an anime whose field `episodes` is locked changes.
    In a dry run `expected` names the MAL ids that the run would have created.
    """
    counts = EpisodeCounts()
    anime = _anime_of(records)
    wanted: dict[Key, EpisodeRecord] = {}
    for place, record in enumerate(records):
        key = (anime.get(record.mal_id, 0), record.kind, record.number)
        if not key[0] and is_dry and record.mal_id in expected:
            counts.created += 1
        elif not key[0]:
            counts.rejected.append((place, f"no anime with MAL id {record.mal_id}"))
        elif key in wanted:
            counts.rejected.append((place, f"MAL {record.mal_id}: {record.kind} {record.number} stands there twice"))
        else:
            wanted[key] = record
    if wanted:
        _write(wanted, counts, is_dry=is_dry)
    return counts


def _write(wanted: dict[Key, EpisodeRecord], counts: EpisodeCounts, *, is_dry: bool) -> None:
    anime_ids = {key[0] for key in wanted}
    stored = _stored(anime_ids)
    locked = set(
        FieldProvenance.objects.filter(anime_id__in=anime_ids, field="episodes", is_locked=True).values_list(
            "anime_id", flat=True
        )
    )
    seasons = _seasons(wanted, anime_ids, is_dry=is_dry)
    inserts: list[tuple[Any, ...]] = []
    updates: list[tuple[Any, ...]] = []
    for key, record in wanted.items():
        season = seasons.get((key[0], record.season)) if record.season is not None else None
        values = [season, *(record.fields[name] for name in FIELDS)]
        row = stored.get(key)
        if row is None:
            inserts.append((*key, *values, ""))
        elif key[0] not in locked and (merged := _merged(row[1:], values)) != list(row[1:]):
            updates.append((*merged, row[0]))
        else:
            continue
        counts.touched.add(key[0])
    counts.created += len(inserts)
    counts.changed += len(updates)
    counts.unchanged += len(wanted) - len(inserts) - len(updates)
    if is_dry:
        return
    rows_insert(Episode, ("anime_id", "kind", "number", "season_id", *FIELDS, "synopsis"), inserts)
    rows_update(Episode, ("season_id", *FIELDS), updates)
    documents_stale(counts.touched)


def _merged(row: tuple[Any, ...], values: list[Any]) -> list[Any]:
    merged = []
    for current, value in zip(row, values, strict=True):
        if isinstance(value, dict):
            merged.append({**current, **value})
        else:
            merged.append(current if value in (None, "", False) else value)
    return merged


def _anime_of(records: list[EpisodeRecord]) -> dict[int, int]:
    found = ids_find((Site.MAL.value, str(mal_id)) for mal_id in {record.mal_id for record in records})
    return {int(value): min(keys) for (_, value), keys in found.items()}


def _stored(anime_ids: set[int]) -> dict[Key, tuple[Any, ...]]:
    """(id, season, fields…) of every episode of the anime."""
    rows = Episode.objects.filter(anime_id__in=anime_ids).order_by()
    return {
        (anime_id, kind, number): (pk, *values)
        for anime_id, kind, number, pk, *values in rows.values_list(
            "anime_id", "kind", "number", "pk", "season_id", *FIELDS
        )
    }


def _seasons(
    wanted: dict[Key, EpisodeRecord], anime_ids: set[int], *, is_dry: bool
) -> dict[tuple[int, int | None], int]:
    """The ids of the seasons that the records name, made where they are missing."""
    known: dict[tuple[int, int | None], int] = {
        (anime_id, number): pk
        for anime_id, number, pk in Season.objects.filter(anime_id__in=anime_ids).values_list(
            "anime_id", "number", "pk"
        )
    }
    needed: dict[int, set[int]] = defaultdict(set)
    for key, record in wanted.items():
        if record.season is not None and (key[0], record.season) not in known:
            needed[key[0]].add(record.season)
    if needed and not is_dry:
        rows = [Season(anime_id=key, number=number) for key in sorted(needed) for number in sorted(needed[key])]
        for season in Season.objects.bulk_create(rows):
            known[season.anime_id, season.number] = season.pk
    return known
