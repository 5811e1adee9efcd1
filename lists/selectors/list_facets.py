"""What the entries of a list can be narrowed by: only what is on it."""

from array import array
from dataclasses import dataclass
from hashlib import blake2b

from django.db.models import QuerySet

from catalog.facade import genres_counted
from core.generation_memo import GenerationMemo
from lists.models import EntryTag, ListEntry

GENRES_SHOWN, TAGS_SHOWN = 60, 200


@dataclass(frozen=True, slots=True)
class Facets:
    """`kinds` and `years` in order, `genres` as (slug, name, count), `tags` as (word, count)."""

    kinds: list[str]
    years: list[int]
    genres: list[tuple[str, str, int]]
    tags: list[tuple[str, int]]


_by_anime: "GenerationMemo[tuple[list[str], list[int], list[tuple[str, str, int]]]]" = GenerationMemo(size=256)
"""Kinds, years and genres of a set of anime, until the catalogue changes: they are worked out once for a list, not at each look."""


def facets_of(entries: QuerySet[ListEntry]) -> Facets:
    """Of `entries` as `lists.access` gives them; four queries, two of them only when other anime stand on the list."""
    plain = entries.order_by().prefetch_related(None)
    ids = array("q", sorted(plain.values_list("anime_id", flat=True)))
    of_anime = _by_anime.get(blake2b(ids.tobytes()).digest(), lambda: _of_anime(plain))
    tags = EntryTag.objects.filter(entry__in=plain.values("pk")).folders()[:TAGS_SHOWN]
    return Facets(*of_anime, tags=list(tags))


def _of_anime(plain: QuerySet[ListEntry]) -> tuple[list[str], list[int], list[tuple[str, str, int]]]:
    pairs = set(plain.values_list("anime__kind", "anime__year").distinct())
    genres = genres_counted(plain.values("anime"))[:GENRES_SHOWN]
    kinds, years = {kind for kind, _ in pairs}, {year for _, year in pairs if year}
    return sorted(kinds), sorted(years, reverse=True), genres
