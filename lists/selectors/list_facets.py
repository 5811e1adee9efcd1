"""What the entries of a list can be narrowed by: only what is on it."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from lists.models import EntryTag, ListEntry

GENRES_SHOWN, TAGS_SHOWN = 60, 200


@dataclass(frozen=True, slots=True)
class Facets:
    """`kinds` and `years` in order, `genres` as (slug, name, count), `tags` as (word, count)."""

    kinds: list[str]
    years: list[int]
    genres: list[tuple[str, str, int]]
    tags: list[tuple[str, int]]


def facets_of(entries: QuerySet[ListEntry]) -> Facets:
    """Of `entries` as `lists.access` gives them; three queries."""
    plain = entries.order_by().prefetch_related(None)
    pairs = set(plain.values_list("anime__kind", "anime__year").distinct())
    genres = (
        plain.filter(anime__genres__is_adult=False)
        .values_list("anime__genres__slug", "anime__genres__name")
        .annotate(count=Count("pk"))
        .order_by("anime__genres__name")[:GENRES_SHOWN]
    )
    tags = (
        EntryTag.objects.filter(entry__in=plain.values("pk"))
        .values_list("name")
        .annotate(count=Count("pk"))
        .order_by("name")[:TAGS_SHOWN]
    )
    return Facets(
        kinds=sorted({kind for kind, _ in pairs}),
        years=sorted({year for _, year in pairs if year}, reverse=True),
        genres=list(genres),
        tags=list(tags),
    )
