"""What the people of this site think of an anime, taken together."""

from dataclasses import dataclass

from django.db.models import Avg, Count

from catalog.models import Rating


@dataclass(frozen=True, slots=True)
class CommunityRating:
    """`average` is 0–100 with two decimals, None when nobody rated."""

    average: float | None
    count: int


NOBODY = CommunityRating(None, 0)


def community_rating(anime_id: int) -> CommunityRating:
    """Average and number of raters; those without a score have no row and do not count."""
    found = Rating.objects.filter(anime_id=anime_id).aggregate(average=Avg("score"), count=Count("id"))
    average = found["average"]
    return CommunityRating(None if average is None else round(float(average), 2), found["count"])
