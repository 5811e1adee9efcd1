"""The few facts of an anime that keeping a list needs."""

from collections.abc import Collection
from dataclasses import dataclass

from catalog.models import Anime

CHUNK = 500


@dataclass(frozen=True, slots=True)
class AnimeOutline:
    """`episode_count` None: not known; `duration_seconds` of one episode, None: not known."""

    id: int
    title: str
    kind: str
    status: str
    episode_count: int | None
    duration_seconds: int | None
    year: int | None
    is_adult: bool


def anime_outlines(anime_ids: Collection[int]) -> dict[int, AnimeOutline]:
    """{id: outline} of those that exist, whoever may see them; a query per 500."""
    fields = ("id", "title", "kind", "status", "episode_count", "duration_seconds", "year", "is_adult")
    ids = sorted(anime_ids)
    found: dict[int, AnimeOutline] = {}
    for start in range(0, len(ids), CHUNK):
        rows = Anime.objects.filter(pk__in=ids[start : start + CHUNK]).values_list(*fields)
        found.update({row[0]: AnimeOutline(*row) for row in rows})
    return found
