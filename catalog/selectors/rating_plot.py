"""How the ratings of an anime are spread."""

from collections import Counter
from dataclasses import dataclass

from catalog.models import Rating

BUCKETS = 10


@dataclass(frozen=True, slots=True)
class RatingBar:
    """`label` is the score out of ten; `share` 0–100 is relative to the tallest bar."""

    label: int
    count: int
    share: int


@dataclass(frozen=True, slots=True)
class RatingPlot:
    """Ten bars, the number of raters and their average (0–100)."""

    bars: tuple[RatingBar, ...]
    count: int
    average: float


def rating_plot(anime_id: int) -> RatingPlot | None:
    """The distribution of one anime's scores, None when nobody rated it. One query."""
    scores = list(Rating.objects.filter(anime_id=anime_id).values_list("score", flat=True))
    if not scores:
        return None
    counts = Counter(min(BUCKETS, max(1, -(-score // 10))) for score in scores)
    tallest = max(counts.values())
    bars = tuple(RatingBar(n, counts[n], round(100 * counts[n] / tallest)) for n in range(1, BUCKETS + 1))
    return RatingPlot(bars, len(scores), sum(scores) / len(scores))
