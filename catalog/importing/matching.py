"""Which stored anime a record is about: by its ids on other sites, the strongest first."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from django.db.models import Q

from catalog.importing.external_sites import NEVER_IDENTIFY
from catalog.importing.precedence import STUB
from catalog.importing.records import AnimeRecord
from catalog.models import Anime, ExternalId, Site

Pair = tuple[str, str]
DECISIVE = frozenset({Site.HIROBA.value, Site.MAL.value, Site.SHIKIMORI.value})
"""Ids that the database keeps unique: they name one anime."""
CONTRADICTING = (Site.MAL.value, Site.BANGUMI.value)
"""Two anime that differ in one of these are two, even if a weaker id says they are one."""


def ids_find(pairs: Iterable[Pair], *, with_stubs: bool = True) -> dict[Pair, set[int]]:
    """The anime that carry each of the ids; one query. Where a stub and an anime of a source carry one, only the latter
    counts: what people say of an unknown title never speaks for a known one.
    """
    values: dict[str, set[str]] = defaultdict(set)
    for site, value in pairs:
        values[site].add(value)
    if not values:
        return {}
    condition = Q()
    for site, wanted in values.items():
        condition |= Q(site=site, value__in=wanted)
    found: dict[Pair, set[int]] = defaultdict(set)
    stubs: dict[Pair, set[int]] = defaultdict(set)
    rows = ExternalId.objects.filter(condition).values_list("site", "value", "anime_id", "anime__origin")
    for site, value, anime_id, origin in rows:
        (stubs if origin == STUB else found)[site, value].add(anime_id)
    return {**stubs, **found} if with_stubs else found


def records_match(records: list[AnimeRecord]) -> list[int | None]:
    """The id of the anime that each record is about, None for a new one; five queries at most."""
    decisive = ids_find(pair for record in records for pair in record.ids if pair[0] in DECISIVE)
    matches = [
        next((min(decisive[pair]) for pair in record.ids if pair[0] in DECISIVE and decisive.get(pair)), None)
        for record in records
    ]
    open_records = [record for record, match in zip(records, matches, strict=True) if match is None]
    weak = ids_find(pair for record in open_records for pair in record.ids if pair[0] not in DECISIVE | NEVER_IDENTIFY)
    known = _ids_of(set().union(*weak.values()))
    named = _named_matches([record for record in open_records if _is_only_named(record)])
    return [
        match or _weak_match(record, weak, known) or named.get(record.identity)
        for record, match in zip(records, matches, strict=True)
    ]


def records_known(records: list[AnimeRecord]) -> list[int | None]:
    """The id of the anime that each record, of a source that only adds, is about: by an id that names one anime where it has
    such an id, else by ids that one anime alone carries. None where there is none, or only a stub; one query.
    """
    told = [
        [pair for pair in record.ids if pair[0] in DECISIVE]
        or [pair for pair in record.ids if pair[0] not in NEVER_IDENTIFY]
        for record in records
    ]
    found = ids_find(chain.from_iterable(told), with_stubs=False)
    matches = [set().union(*(found.get(pair, ()) for pair in pairs)) for pairs in told]
    return [next(iter(match)) if len(match) == 1 else None for match in matches]


def _is_only_named(record: AnimeRecord) -> bool:
    """Whether its ids are all of shows, so that only the title tells which season it is."""
    return all(site in NEVER_IDENTIFY for site, _ in record.ids)


def _named_matches(records: list[AnimeRecord]) -> dict[tuple[object, ...], int]:
    """By identity, the anime that has both the show's id and the very title."""
    shows = ids_find(pair for record in records for pair in record.ids)
    titles = dict(Anime.objects.filter(pk__in=set().union(*shows.values())).values_list("pk", "title"))
    return {
        record.identity: min(same)
        for record in records
        if (
            same := [
                anime_id
                for pair in record.ids
                for anime_id in shows.get(pair, ())
                if titles.get(anime_id) == record.fields["title"]
            ]
        )
    }


def _ids_of(anime_ids: set[int]) -> dict[int, dict[str, set[str]]]:
    known: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = ExternalId.objects.filter(anime_id__in=anime_ids)
    for anime_id, site, value in rows.values_list("anime_id", "site", "value"):
        known[anime_id][site].add(value)
    return known


def _weak_match(record: AnimeRecord, weak: dict[Pair, set[int]], known: dict[int, dict[str, set[str]]]) -> int | None:
    """The candidate that shares the most ids and differs in the fewest, none of them contradicting; the oldest of equals."""
    own: dict[str, set[str]] = defaultdict(set)
    for site, value in record.ids:
        own[site].add(value)

    def differing(anime_id: int) -> set[str]:
        theirs = known[anime_id]
        return {site for site in own if theirs.get(site) and not own[site] & theirs[site]}

    def likeness(anime_id: int) -> tuple[int, int]:
        shared = sum(len(own[site] & known[anime_id].get(site, set())) for site in own)
        return shared - len(differing(anime_id)), -anime_id

    candidates = set().union(*(weak.get(pair, ()) for pair in record.ids))
    possible = [anime_id for anime_id in candidates if not differing(anime_id) & set(CONTRADICTING)]
    return max(possible, key=likeness, default=None)
