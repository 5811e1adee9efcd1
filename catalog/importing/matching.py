"""Which stored anime a record is about: by its ids on other sites, the strongest first."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from catalog.importing.external_sites import NEVER_IDENTIFY
from catalog.importing.records import AnimeRecord
from catalog.models import ExternalId, Site

Pair = tuple[str, str]
DECISIVE = frozenset({Site.HIROBA.value, Site.MAL.value, Site.SHIKIMORI.value})
"""Ids that the database keeps unique: they name one anime."""
CONTRADICTING = (Site.MAL.value, Site.BANGUMI.value)
"""Two anime that differ in one of these are two, even if a weaker id says they are one."""


def ids_find(pairs: Iterable[Pair]) -> dict[Pair, set[int]]:
    """The anime that carry each of the ids; one query."""
    values: dict[str, set[str]] = defaultdict(set)
    for site, value in pairs:
        values[site].add(value)
    if not values:
        return {}
    condition = Q()
    for site, wanted in values.items():
        condition |= Q(site=site, value__in=wanted)
    found: dict[Pair, set[int]] = defaultdict(set)
    for site, value, anime_id in ExternalId.objects.filter(condition).values_list("site", "value", "anime_id"):
        found[site, value].add(anime_id)
    return found


def records_match(records: list[AnimeRecord]) -> list[int | None]:
    """The id of the anime that each record is about, None for a new one; three queries at most."""
    decisive = ids_find(pair for record in records for pair in record.ids if pair[0] in DECISIVE)
    matches = [
        next((min(decisive[pair]) for pair in record.ids if pair[0] in DECISIVE and decisive.get(pair)), None)
        for record in records
    ]
    open_records = [record for record, match in zip(records, matches, strict=True) if match is None]
    weak = ids_find(pair for record in open_records for pair in record.ids if pair[0] not in DECISIVE | NEVER_IDENTIFY)
    if not weak:
        return matches
    known = _contradicting_ids(set().union(*weak.values()))
    return [
        match if match is not None else _weak_match(record, weak, known)
        for record, match in zip(records, matches, strict=True)
    ]


def _contradicting_ids(anime_ids: set[int]) -> dict[int, dict[str, set[str]]]:
    known: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = ExternalId.objects.filter(anime_id__in=anime_ids, site__in=CONTRADICTING)
    for anime_id, site, value in rows.values_list("anime_id", "site", "value"):
        known[anime_id][site].add(value)
    return known


def _weak_match(record: AnimeRecord, weak: dict[Pair, set[int]], known: dict[int, dict[str, set[str]]]) -> int | None:
    """The only candidate of the strongest id that has one without contradiction."""
    own: dict[str, set[str]] = defaultdict(set)
    for site, value in record.ids:
        own[site].add(value)

    def contradicts(anime_id: int) -> bool:
        theirs = known.get(anime_id, {})
        return any(own[site] and theirs.get(site) and not own[site] & theirs[site] for site in CONTRADICTING)

    for pair in record.ids:
        candidates = [anime_id for anime_id in weak.get(pair, ()) if not contradicts(anime_id)]
        if len(candidates) == 1:
            return candidates[0]
    return None
