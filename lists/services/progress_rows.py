"""Rows of progress that were kept in a browser: which of them are right, and what they are about now."""

import math
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

from django.utils.dateparse import parse_datetime

from accounts.facade import User
from catalog.facade import anime_ids_current, anime_ids_visible, anime_outlines, episodes_existing
from core.ids import LARGEST_ID
from lists.models import WatchProgress

IMPORT_LIMIT = 5_000
MAX_SECONDS = 86_400 * 7
MAX_EPISODE = 100_000


def places_keep(user: User, rows: Collection[WatchProgress]) -> list[WatchProgress]:
    """Those rows in which `user` may keep a place, told to the anime that theirs became. A few queries per 500 anime.

    The rule is a heartbeat's (`catalog.facade.episode_place_get`): no unknown and no hidden anime, no episode beyond the count.
    """
    current = anime_ids_current({row.anime_id for row in rows})
    visible = anime_ids_visible(user, current.values())
    outlines = anime_outlines(visible)
    kept: list[WatchProgress] = []
    odd: list[WatchProgress] = []
    for row in rows:
        anime_id = current.get(row.anime_id)
        if anime_id is None or anime_id not in visible:
            continue
        row.anime_id = anime_id
        count = outlines[anime_id].episode_count
        (kept if count and row.episode_number <= count else odd).append(row)
    return kept + _odd_kept(odd, {anime_id: outline.episode_count for anime_id, outline in outlines.items()})


def _odd_kept(odd: Collection[WatchProgress], counts: Mapping[int, int | None]) -> list[WatchProgress]:
    """Of rows beyond the count or without one: those that the catalogue has, and any where it has no first episode."""
    asked = {(row.anime_id, number) for row in odd for number in (row.episode_number, 1)}
    there = episodes_existing(asked)
    return [
        row
        for row in odd
        if (row.anime_id, row.episode_number) in there
        or (counts[row.anime_id] is None and (row.anime_id, 1) not in there)
    ]


def row_read(user: User, raw: Any, now: datetime) -> WatchProgress | None:
    """One imported row, or None when something about it is wrong."""
    if not isinstance(raw, Mapping):
        return None
    anime_id, number = raw.get("anime_id"), raw.get("episode_num")
    position, duration = raw.get("timecode"), raw.get("duration", 0) or 0
    translation_id = raw.get("translation_id") or ""
    if not (_is_whole(anime_id, LARGEST_ID) and _is_whole(number, MAX_EPISODE)):
        return None
    if not (_is_seconds(position) and _is_seconds(duration)):
        return None
    if not isinstance(translation_id, str) or len(translation_id) > 64 or "\x00" in translation_id:
        return None
    updated_at = _moment(raw.get("updated_at"))
    if updated_at is None:
        return None
    return WatchProgress(
        user=user,
        anime_id=anime_id,
        episode_number=number,
        position=min(float(position), float(duration)) if duration else float(position),
        duration=float(duration),
        translation_id=translation_id,
        updated_at=min(updated_at, now),
    )


def _is_whole(value: Any, highest: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= highest


def _is_seconds(value: Any) -> TypeGuard[float]:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        and 0 <= value <= MAX_SECONDS
    )


def _moment(value: Any) -> datetime | None:
    """An ISO 8601 time or epoch milliseconds as an aware time."""
    try:
        if isinstance(value, str):
            found = parse_datetime(value)
            if found is None:
                return None
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
    except (ValueError, OverflowError):
        return None
    return None
