"""What the people of this site think, read live."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import OuterRef, Subquery

from accounts.facade import User
from catalog.models import Rating

CHUNK = 500
"""Ids in one statement: SQLite takes a limited number of parameters."""


def rating_of(user: User, anime_id: int) -> int | None:
    """One person's score (0–100), None when there is none."""
    return Rating.objects.filter(user=user, anime_id=anime_id).values_list("score", flat=True).first()


def ratings_of(user: User, anime_ids: Collection[int]) -> dict[int, int]:
    """{anime id: score 0–100} of those that the person has rated; one query per 500."""
    ids = sorted(anime_ids)
    found: dict[int, int] = {}
    for start in range(0, len(ids), CHUNK):
        rows = Rating.objects.filter(user=user, anime_id__in=ids[start : start + CHUNK])
        found.update(rows.values_list("anime_id", "score"))
    return found


def rating_expression(*, user: str, anime: str) -> Subquery:
    """For a queryset of another app: the score (0–100 or NULL) that the person in column `user` gave the anime in `anime`."""
    return Subquery(Rating.objects.filter(user=OuterRef(user), anime=OuterRef(anime)).values("score")[:1])


def ratings_each() -> Iterator[tuple[UUID, int, int]]:
    """(person, anime, score 0–100) of all ratings, the oldest row first, read by key in chunks: no cursor stays open."""
    last = 0
    while True:
        rows = list(
            Rating.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "user_id", "anime_id", "score")[:5_000]
        )
        for _pk, user_id, anime_id, score in rows:
            yield user_id, anime_id, score
        if len(rows) < 5_000:
            return
        last = rows[-1][0]
