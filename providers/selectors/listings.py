"""Where an anime is listed."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q

from providers.models import ProviderTitle
from providers.numbering.belief import number_is_believed


@dataclass(frozen=True, slots=True)
class Listing:
    """One provider's title of an anime. `episodes` is how many its list has, else the newest number it told; 0: unknown, or
    more than the anime can have.

    `seen_at` (UTC) is when something of it was read or seen last.
    """

    title_id: int
    provider: str
    title: str
    episodes: int
    seen_at: datetime.datetime | None


def listings_of(anime_id: int) -> list[Listing]:
    """The titles of enabled providers that are this anime, the preferred provider's first; one query."""
    rows = (
        ProviderTitle.objects.filter(anime=anime_id, provider__is_enabled=True, gone_at__isnull=True)
        .annotate(listed=Count("episodes", filter=Q(episodes__gone_at=None)))
        .order_by("provider__position", "provider__name", "-confidence", "pk")
        .select_related("provider", "anime")
    )
    return [
        Listing(
            row.pk,
            row.provider.label,
            row.title,
            _episodes(row, row.listed),
            max((at for at in (row.released_at, row.episodes_at, row.detail_at) if at), default=None),
        )
        for row in rows
    ]


def _episodes(row: ProviderTitle, listed: int) -> int:
    told = listed or row.latest_episode or 0
    return told if number_is_believed(told, row.anime.episode_count if row.anime else None) else 0
