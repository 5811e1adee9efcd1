"""Where somebody stopped: saved every few seconds, merged after signing in, cleared on request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.facade import User
from catalog.facade import episode_place_get
from core.ids import LARGEST_ID
from lists.models import ChangeSource, WatchProgress
from lists.services.episodes import EpisodeCounted, episode_watched
from lists.services.locking import person_lock
from lists.services.progress_rows import places_keep, row_read
from lists.services.watching import GLANCE, SeenEpisode, counts_now, episodes_seen, may_count

_FIELDS = ["position", "duration", "translation_id", "updated_at"]
_KEY = ["user", "anime", "episode_number"]


@dataclass(frozen=True, slots=True)
class ProgressSaved:
    """A heartbeat's row, and what it did to the list: `counted` is None when it made no episode seen."""

    row: WatchProgress
    counted: EpisodeCounted | None = None


def progress_save(
    *, user: User, anime_id: int, episode_number: int, position: float, duration: float = 0, translation_id: str = ""
) -> ProgressSaved:
    """Upsert one row; `position` and `duration` in seconds. `updated_at` is always now (reference: PUT /users/me/progress).

    Two queries. The heartbeat with which an episode counts as watched (`watching.counts_now`) moves the list in the same
    transaction. Raises `NotFound` for an unknown anime, `AnimeHidden` (410) for one that was taken down,
    `ValidationFailed` for an episode that the anime cannot have.
    """
    position = min(position, duration) if duration else position
    asked: dict[str, Any] = {"asking": GLANCE, "user_id": user.pk} if may_count(position, duration) else {}
    place = episode_place_get(user, anime_id, episode_number, **asked)
    now = timezone.now()
    row = WatchProgress(
        user=user,
        anime_id=place.anime_id,
        episode_number=episode_number,
        position=position,
        duration=duration,
        translation_id=translation_id,
        updated_at=now,
    )
    if not (asked and counts_now(place.beside, number=episode_number, position=position, duration=duration, now=now)):
        _store_one(row)
        return ProgressSaved(row)
    with transaction.atomic():
        _store_one(row)
        counted = episode_watched(
            user=user,
            anime_id=place.anime_id,
            episode_number=episode_number,
            source=ChangeSource.PLAYER,
            watched_at=now,
            length=duration,
        )
    return ProgressSaved(row, counted if counted.is_counted else None)


def _store_one(row: WatchProgress) -> None:
    """`_store` of one row, the way of every heartbeat: one statement, which is its own transaction (three round trips less)."""
    statement, fields = _upsert()
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@cache
def _upsert() -> tuple[str, list[Any]]:
    fields: list[Any] = [WatchProgress._meta.get_field(name) for name in (*_KEY, *_FIELDS)]
    keys, columns = (", ".join(f'"{field.column}"' for field in some) for some in (fields[: len(_KEY)], fields))
    changes = ", ".join(f'"{field.column}" = EXCLUDED."{field.column}"' for field in fields[len(_KEY) :])
    statement = f'INSERT INTO "{WatchProgress._meta.db_table}" ({columns}) VALUES ({", ".join(["%s"] * len(fields))})'  # noqa: S608 — names are the model's
    return f"{statement} ON CONFLICT ({keys}) DO UPDATE SET {changes}", fields


def _store(rows: Sequence[WatchProgress]) -> None:
    WatchProgress.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=_KEY, update_fields=_FIELDS, batch_size=500
    )


def progress_import(*, user: User, rows: Iterable[Any]) -> dict[str, int]:
    """Merge rows that were kept in a browser: newer wins per (anime, episode), bad rows are dropped, all in one transaction.

    A stored row is overwritten only by one whose `updated_at` is strictly newer (reference: POST …/progress/import). A time
    in the future counts as now: a wrong clock must not win for ever. What was seen far enough moves the list, with the
    times at which it was seen. Returns {"imported", "kept", "dropped"}.
    """
    now = timezone.now()
    found = [row_read(user, raw, now) for raw in rows]
    placed = places_keep(user, [row for row in found if row is not None])
    best: dict[tuple[int, int], WatchProgress] = {}
    for row in placed:
        key = (row.anime_id, row.episode_number)
        if key not in best or row.updated_at > best[key].updated_at:
            best[key] = row
    with transaction.atomic():
        person_lock(user.pk)
        newer = _merge(user, best)
        episodes_seen(
            user=user,
            seen=[
                SeenEpisode(row.anime_id, row.episode_number, row.position, row.duration, row.updated_at)
                for row in newer
            ],
        )
    return {"imported": len(newer), "kept": len(best) - len(newer), "dropped": len(found) - len(best)}


def _merge(user: User, best: Mapping[tuple[int, int], WatchProgress]) -> list[WatchProgress]:
    """Store those rows that are newer than what is stored, and return them.

    Rows that are not there are added without overwriting: a heartbeat that writes one at the same moment is seen after
    that, and judged like the others.
    """
    rows = [best[key] for key in sorted(best)]
    anime_ids = {row.anime_id for row in rows}
    there = dict(_stored_times(user, anime_ids))
    new = [row for row in rows if (row.anime_id, row.episode_number) not in there]
    WatchProgress.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    if new:
        there |= dict(_stored_times(user, {row.anime_id for row in new}))
    added = {(row.anime_id, row.episode_number) for row in new}
    newer, over = [], []
    for row in rows:
        key = (row.anime_id, row.episode_number)
        if row.updated_at > there[key]:
            over.append(row)
            newer.append(row)
        elif key in added and row.updated_at == there[key]:
            newer.append(row)
    _store(over)
    return newer


def _stored_times(user: User, anime_ids: set[int]) -> Iterable[tuple[tuple[int, int], datetime]]:
    """((anime, episode), updated_at) of the user's rows for these anime, locked against a parallel heartbeat."""
    ids = sorted(anime_ids)
    for start in range(0, len(ids), 500):
        rows = WatchProgress.objects.select_for_update().filter(user=user, anime_id__in=ids[start : start + 500])
        for anime_id, number, updated_at in rows.order_by("anime_id", "episode_number").values_list(
            "anime_id", "episode_number", "updated_at"
        ):
            yield (anime_id, number), updated_at


def progress_clear(*, user: User, anime_id: int | None = None) -> int:
    """Forget one anime's rows, or all of them when `anime_id` is None. Returns how many went."""
    if anime_id is not None and anime_id > LARGEST_ID:
        return 0
    rows = WatchProgress.objects.filter(user=user)
    if anime_id is not None:
        rows = rows.filter(anime_id=anime_id)
    with transaction.atomic():
        person_lock(user.pk)
        return rows.delete()[0]
