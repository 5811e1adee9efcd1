"""Genres, studios and tags of many anime at once, for statistics of lists."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from catalog.models import Anime, AnimeStudio, AnimeTag, Genre, StudioRole, Tag


@dataclass(frozen=True, slots=True)
class LabelledAnime:
    """Which anime stand under which labels; `labels` is {id: (slug, name)} and may hold more than occur."""

    labels: dict[int, tuple[str, str]]
    pairs: list[tuple[int, int]]
    """(anime id, label id)"""


Ids = QuerySet[Any] | Collection[int]
"""Ids of anime: a collection, or a queryset of one column that the database reads by itself (for thousands)."""


def genres_of_many(anime_ids: Ids) -> LabelledAnime:
    """The genres of these anime; two queries."""
    rows = Anime.genres.through.objects.filter(anime_id__in=anime_ids)
    names = Genre.objects.values_list("id", "slug", "name")
    return LabelledAnime(_named(names), list(rows.values_list("anime_id", "genre_id")))


def genres_counted(anime: QuerySet[Any]) -> list[tuple[str, str, int]]:
    """(slug, name, how many of `anime`) of their genres but the adult ones, by name; `anime` yields ids. One query.

    From the table between the two: the way through the anime would read every one of them.
    """
    rows = Anime.genres.through.objects.filter(anime__in=anime, genre__is_adult=False)
    counted = rows.values_list("genre__slug", "genre__name").annotate(count=Count("pk"))
    return list(counted.order_by("genre__name"))


def tags_of_many(anime_ids: Ids) -> LabelledAnime:
    """The tags of these anime without those that give a story away; two queries."""
    rows = AnimeTag.objects.filter(anime_id__in=anime_ids, is_spoiler=False)
    names = Tag.objects.values_list("id", "slug", "name")
    return LabelledAnime(_named(names), list(rows.values_list("anime_id", "tag_id")))


def studios_of_many(anime_ids: Ids) -> LabelledAnime:
    """The animation studios of these anime; one query. There are thousands of studios, so the names come with the pairs."""
    rows = AnimeStudio.objects.filter(anime_id__in=anime_ids, role=StudioRole.STUDIO)
    found = list(rows.values_list("anime_id", "studio_id", "studio__slug", "studio__name"))
    return LabelledAnime(
        {studio: (slug, name) for _anime, studio, slug, name in found},
        [(anime, studio) for anime, studio, _slug, _name in found],
    )


def _named(rows: QuerySet[Any, tuple[int, str, str]]) -> dict[int, tuple[str, str]]:
    return {pk: (slug, name) for pk, slug, name in rows}
