"""Where the poster of an anime is."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import Anime, AnimeStatus, FieldProvenance, Visibility
from core.models import StoredImage

CHUNK = 500


@dataclass(frozen=True, slots=True)
class AnimePoster:
    """`image` is our own copy, None where we have none; `url` is where it came from, "" where that is not known."""

    anime_id: int
    url: str
    image: StoredImage | None


def anime_posters(anime_ids: Collection[int]) -> dict[int, AnimePoster]:
    """{id: poster} of those that have one, whoever may see them; a query per 500."""
    ids = sorted(anime_ids)
    found: dict[int, AnimePoster] = {}
    for start in range(0, len(ids), CHUNK):
        rows = _rows().filter(pk__in=ids[start : start + CHUNK])
        found.update({row.pk: AnimePoster(row.pk, row.poster_url, row.poster) for row in rows})
    return found


def posters_after(anime_id: int, *, limit: int) -> list[AnimePoster]:
    """The posters of the next anime by id, for who walks through all of them; none of what was merged away."""
    rows = _rows().filter(pk__gt=anime_id, merged_into=None).order_by("pk")[:limit]
    return [AnimePoster(row.pk, row.poster_url, row.poster) for row in rows]


def posters_missing() -> list[tuple[int, str]]:
    """(id, where its poster comes from) of all anime that have no copy of it here and may have one: what airs now first,
    then the rest, each by popularity. None that is hidden, merged away, or left without a poster by staff. One query.
    """
    locked = FieldProvenance.objects.filter(anime=OuterRef("pk"), field="poster", is_locked=True)
    rows = Anime.objects.filter(~Exists(locked), poster=None, merged_into=None).exclude(poster_url="")
    rows = rows.exclude(visibility=Visibility.HIDDEN).order_by("-popularity", "pk")
    found = list(rows.values_list("pk", "poster_url", "status"))
    found.sort(key=lambda row: row[2] != AnimeStatus.AIRING)
    return [(anime_id, url) for anime_id, url, _status in found]


def _rows() -> QuerySet[Anime]:
    return (
        Anime.objects.exclude(Q(poster=None) & Q(poster_url="")).select_related("poster").only("poster_url", "poster")
    )
