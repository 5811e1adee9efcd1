"""Scores that people of this site give."""

from collections.abc import Mapping

from django.db import transaction

from accounts.facade import User
from catalog.models import Rating
from core import generation
from core.planner import statistics_refresh


def rating_set(*, user: User, anime_id: int, score: int | None) -> None:
    """Store, change or (None) take away one person's score, 0–100. The community rating is read live, so caches move on."""
    if score is None:
        Rating.objects.filter(user=user, anime_id=anime_id).delete()
    else:
        Rating.objects.update_or_create(user=user, anime_id=anime_id, defaults={"score": score})
    generation.bump_on_commit()


def ratings_set(*, user: User, scores: Mapping[int, int | None]) -> None:
    """Many of one person's scores at once: {anime id: 0–100, or None to take it away}. A few statements a thousand."""
    gone = sorted(key for key, score in scores.items() if score is None)
    rows = [Rating(user=user, anime_id=key, score=score) for key, score in scores.items() if score is not None]
    with transaction.atomic():
        for start in range(0, len(gone), 500):
            Rating.objects.filter(user=user, anime_id__in=gone[start : start + 500]).delete()
        Rating.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["user", "anime"],
            update_fields=["score", "updated_at"],
            batch_size=500,
        )
        generation.bump_on_commit()


def ratings_statistics_refresh() -> None:
    """After many scores were stored: let the database's planner know. The caller holds no transaction."""
    statistics_refresh(Rating)
