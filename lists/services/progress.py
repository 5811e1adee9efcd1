"""Where somebody stopped: saved every few seconds, merged after signing in, cleared on request."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.facade import User
from catalog.facade import anime_ids_existing, episode_place_get
from lists.models import WatchProgress

IMPORT_LIMIT = 5_000
MAX_SECONDS = 86_400 * 7
MAX_EPISODE = 100_000
_FIELDS = ["position", "duration", "translation_id", "updated_at"]
_KEY = ["user", "anime", "episode_number"]


def progress_save(
    *, user: User, anime_id: int, episode_number: int, position: float, duration: float = 0, translation_id: str = ""
) -> WatchProgress:
    """Upsert one row; `position` and `duration` in seconds. `updated_at` is always now (reference: PUT /users/me/progress).

    Two queries. Raises `NotFound` for an unknown anime, `AnimeHidden` (410) for one that was taken down,
    `ValidationFailed` for an episode that the anime cannot have.
    """
    anime_id = episode_place_get(user, anime_id, episode_number).anime_id
    row = WatchProgress(
        user=user,
        anime_id=anime_id,
        episode_number=episode_number,
        position=min(position, duration) if duration else position,
        duration=duration,
        translation_id=translation_id,
        updated_at=timezone.now(),
    )
    WatchProgress.objects.bulk_create([row], update_conflicts=True, unique_fields=_KEY, update_fields=_FIELDS)
    return row


def progress_import(*, user: User, rows: Iterable[Any]) -> dict[str, int]:
    """Merge rows that were kept in a browser: newer wins per (anime, episode), bad rows are dropped, all in one transaction.

    A stored row is overwritten only by one whose `updated_at` is strictly newer (reference: POST …/progress/import). A time
    in the future counts as now: a wrong clock must not win for ever. Returns {"imported", "kept", "dropped"}.
    """
    now = timezone.now()
    best: dict[tuple[int, int], WatchProgress] = {}
    total = 0
    for raw in rows:
        total += 1
        row = _row_of(user, raw, now)
        if row is not None:
            key = (row.anime_id, row.episode_number)
            if key not in best or row.updated_at > best[key].updated_at:
                best[key] = row
    known = anime_ids_existing({anime_id for anime_id, _ in best})
    candidates = {key: row for key, row in best.items() if key[0] in known}
    with transaction.atomic():
        stored = dict(_stored_times(user, {anime_id for anime_id, _ in candidates}))
        newer = [row for key, row in candidates.items() if key not in stored or row.updated_at > stored[key]]
        WatchProgress.objects.bulk_create(
            newer, update_conflicts=True, unique_fields=_KEY, update_fields=_FIELDS, batch_size=500
        )
    return {"imported": len(newer), "kept": len(candidates) - len(newer), "dropped": total - len(candidates)}


def _stored_times(user: User, anime_ids: set[int]) -> Iterable[tuple[tuple[int, int], datetime]]:
    """((anime, episode), updated_at) of the user's rows for these anime, locked against a parallel heartbeat."""
    ids = sorted(anime_ids)
    for start in range(0, len(ids), 500):
        rows = WatchProgress.objects.select_for_update().filter(user=user, anime_id__in=ids[start : start + 500])
        for anime_id, number, updated_at in rows.values_list("anime_id", "episode_number", "updated_at"):
            yield (anime_id, number), updated_at


def _row_of(user: User, raw: Any, now: datetime) -> WatchProgress | None:
    """One imported row, or None when something about it is wrong."""
    if not isinstance(raw, Mapping):
        return None
    anime_id, number = raw.get("anime_id"), raw.get("episode_num")
    position, duration = raw.get("timecode"), raw.get("duration", 0) or 0
    translation_id = raw.get("translation_id") or ""
    if not (_is_whole(anime_id, 2**63 - 1) and _is_whole(number, MAX_EPISODE)):
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


def progress_clear(*, user: User, anime_id: int | None = None) -> int:
    """Forget one anime's rows, or all of them when `anime_id` is None. Returns how many went."""
    rows = WatchProgress.objects.filter(user=user)
    if anime_id is not None:
        rows = rows.filter(anime_id=anime_id)
    return rows.delete()[0]
