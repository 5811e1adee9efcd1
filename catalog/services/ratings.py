"""Scores that people of this site give."""

from accounts.facade import User
from catalog.models import Rating
from core import generation


def rating_set(*, user: User, anime_id: int, score: int | None) -> None:
    """Store, change or (None) take away one person's score, 0–100. The community rating is read live, so caches move on."""
    if score is None:
        Rating.objects.filter(user=user, anime_id=anime_id).delete()
    else:
        Rating.objects.update_or_create(user=user, anime_id=anime_id, defaults={"score": score})
    generation.bump_on_commit()
