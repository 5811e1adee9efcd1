"""Releases that providers' home pages showed, for the catalogue's calendar and its lists of news."""

from django.db.models import F, Q

from catalog.facade import Observed, Span
from providers.models import ProviderTitle


def releases_observed(span: Span, limit: int) -> list[Observed]:
    """The newest episode of each title that is an anime, seen within the span, the newest first; one query.

    When a title is first seen its newest episode may be years old: that is no release, unless it is the first one. A number
    beyond the anime's count is the provider's own way of counting, and left out.
    """
    rows = (
        ProviderTitle.objects.filter(
            Q(released_at__gt=F("created_at")) | Q(latest_episode=1),
            anime__isnull=False,
            provider__is_enabled=True,
            released_at__gte=span.begins_at,
            released_at__lt=span.ends_at,
        )
        .order_by("-released_at", "-id")
        .values_list("anime_id", "latest_episode", "released_at", "provider__label", "anime__episode_count")
    )
    return [
        Observed(anime_id, number if number and not (count and number > count) else None, at, label)
        for anime_id, number, at, label, count in rows[:limit]
        if anime_id is not None and at is not None
    ]
