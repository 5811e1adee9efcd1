"""The list of episodes on an anime's page: a range at a time, however many there are."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from catalog.models import Episode, EpisodeKind, EpisodeSource, SourceHealth

RANGE = 100


@dataclass(frozen=True, slots=True)
class EpisodeRange:
    """Episodes `first` to `last`, both in."""

    first: int
    last: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class EpisodeList:
    """One range of the regular episodes with `has_source`, the other ranges, and how many specials there are."""

    episodes: list[Episode]
    ranges: list[EpisodeRange]
    count: int
    extras: list[Episode]


def episode_list(anime_id: int, *, around: int | None = None) -> EpisodeList:
    """The range that holds episode `around` (the first one when there is none). Three queries."""
    regular = Q(kind=EpisodeKind.REGULAR)
    span = Episode.objects.filter(anime_id=anime_id).aggregate(
        low=Min("number", filter=regular), high=Max("number", filter=regular), count=Count("id", filter=regular)
    )
    if span["low"] is None:
        return EpisodeList([], [], 0, list(_listed(anime_id).exclude(regular)[:RANGE]))
    start = span["low"] - (span["low"] - 1) % RANGE if span["low"] else 0
    wanted = around if around is not None and span["low"] <= around <= span["high"] else span["low"]
    first = start + (wanted - start) // RANGE * RANGE
    shown = _listed(anime_id).filter(regular, number__gte=first, number__lt=first + RANGE)
    ranges = [
        EpisodeRange(number, min(number + RANGE - 1, span["high"]), is_current=number == first)
        for number in range(start, span["high"] + 1, RANGE)
    ]
    return EpisodeList(list(shown), ranges, span["count"], list(_listed(anime_id).exclude(regular)[:RANGE]))


def _listed(anime_id: int) -> QuerySet[Episode]:
    playable = EpisodeSource.objects.filter(episode=OuterRef("pk"), is_enabled=True).exclude(health=SourceHealth.DEAD)
    rows = Episode.objects.filter(anime_id=anime_id).annotate(has_source=Exists(playable)).order_by("kind", "number")
    return rows.select_related("still").defer("synopsis", "still_url")
