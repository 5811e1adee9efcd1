"""Where anime stand: what decides how often somebody else is asked about them."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from catalog.models import Anime


@dataclass(frozen=True, slots=True)
class AnimeStanding:
    """`status` as in `AnimeStatus`, `ended_on` the last day it aired, `popularity` how many people track it."""

    id: int
    status: str
    ended_on: datetime.date | None
    popularity: int


def anime_standings(anime_ids: Collection[int] | None = None) -> list[AnimeStanding]:
    """Those of `anime_ids` (None: of all anime), hidden ones and stubs too; none that was merged away. One query."""
    rows = Anime.objects.filter(merged_into=None).order_by("-popularity", "pk")
    if anime_ids is not None:
        rows = rows.filter(pk__in=list(anime_ids))
    return [AnimeStanding(*row) for row in rows.values_list("pk", "status", "end_date", "popularity")]
