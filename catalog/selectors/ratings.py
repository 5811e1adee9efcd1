"""What the people of this site think, read live."""

from accounts.facade import User
from catalog.models import Rating


def rating_of(user: User, anime_id: int) -> int | None:
    """One person's score (0–100), None when there is none."""
    return Rating.objects.filter(user=user, anime_id=anime_id).values_list("score", flat=True).first()
