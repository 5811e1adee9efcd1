"""How far somebody has watched, by anime: what a spoiler shield asks."""

import math
from collections.abc import Collection

from accounts.facade import User
from lists.models import EntryStatus, ListEntry

WHOLE = frozenset({EntryStatus.COMPLETED.value, EntryStatus.REWATCHING.value})
"""Who finished an anime once has seen all of it, however far a rewatch is."""


def episodes_seen(user: User, anime_ids: Collection[int]) -> dict[int, float]:
    """By anime, the last episode that counts as seen (infinity when it was finished once); one query."""
    rows = ListEntry.objects.filter(user=user, anime_id__in=anime_ids)
    return {
        anime_id: math.inf if status in WHOLE or rewatches else float(watched)
        for anime_id, status, watched, rewatches in rows.values_list(
            "anime_id", "status", "episodes_watched", "rewatch_count"
        )
    }
