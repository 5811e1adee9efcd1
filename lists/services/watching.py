"""Watching changes the list: when a place in an episode counts it as seen, one heartbeat or thousands of rows at once."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Case, Exists, ExpressionWrapper, F, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.facade import User
from catalog.facade import AnimeOutline, anime_outlines, episode_place_query
from core.events import emit
from core.ids import uuid7
from lists.events import EpisodeWatched
from lists.models import (
    ActivityKind,
    ChangeSource,
    EntryStatus,
    ListEntry,
    ListPreferences,
    WatchedEpisode,
    WatchProgress,
)
from lists.models.preferences import WATCHED_PERCENT_LEAST
from lists.selectors.preferences import preferences_of, watched_percent_of
from lists.services.entries import activities_add
from lists.services.episodes import rewatch_pause, state_after_episode
from lists.services.states import EntryState, is_public_change, state_diff
from lists.services.stored_states import entries_take, states_store

if TYPE_CHECKING:
    from django.db.models.expressions import BaseExpression

PREVIEW_SECONDS = 60
PREVIEW_PARTS = 3
"""A film shorter than a minute, of an episode three times as long by the catalogue, is a preview of it."""
CHUNK = 500


def share_of(position: float, duration: float) -> float:
    """Which part of an episode was seen, in percent; 0 where its length is not known."""
    return 100 * position / duration if duration > 0 else 0.0


def is_preview(duration: float, catalogue_seconds: int | None) -> bool:
    """Whether something of this length (seconds) is no episode of what the catalogue describes."""
    return duration < PREVIEW_SECONDS and (catalogue_seconds or 0) >= PREVIEW_PARTS * duration


def _glance(*, user_id: uuid.UUID, number: int) -> "dict[str, BaseExpression]":
    """What deciding about episode `number` needs, as annotations over an anime's row: read in the query that finds it."""
    own = {"user": user_id, "anime_id": OuterRef("pk")}
    preferences = ListPreferences.objects.filter(user=user_id)
    entry = ListEntry.objects.filter(**own).annotate(
        time_round=F("rewatch_count")
        + Case(When(status=EntryStatus.REWATCHING, then=Value(1)), default=Value(0), output_field=IntegerField())
    )
    seen = WatchedEpisode.objects.filter(**own, episode_number=number)
    place = WatchProgress.objects.filter(**own, episode_number=number)
    return {
        "own_percent": Subquery(preferences.values("watched_percent")[:1]),
        "is_off": Exists(preferences.filter(tracks_watching=False)),
        "viewing": Subquery(entry.values("time_round")[:1]),
        "seen_viewing": Subquery(seen.order_by("-viewing").values("viewing")[:1]),
        "seen_at": Subquery(seen.order_by("-watched_at").values(last=Coalesce("undone_at", "watched_at"))[:1]),
        "listed": Subquery(entry.values("episodes_watched")[:1]),
        "last_position": Subquery(place.values("position")[:1]),
        "usual_seconds": ExpressionWrapper(F("duration_seconds"), output_field=IntegerField()),
    }


GLANCE = episode_place_query(_glance, user_id=uuid.UUID)
"""The look-up of an episode's place (`catalog.facade.episode_place_get`) with what `counts_now` needs beside it."""


def may_count(position: float, duration: float) -> bool:
    """Whether a place is so far on that it counts for anybody: below it nothing need be asked."""
    return share_of(position, duration) >= WATCHED_PERCENT_LEAST


def counts_now(beside: Mapping[str, Any], *, number: int, position: float, duration: float, now: datetime) -> bool:
    """Whether a heartbeat at `position` of `duration` (seconds) makes episode `number` seen, by what `GLANCE` read.

    `episode_watched` decides under the entry's lock; this spares it the heartbeats of which it would make nothing.
    """
    percent = beside["own_percent"] or settings.LISTS_WATCHED_PERCENT
    if beside["is_off"] or share_of(position, duration) < percent or is_preview(duration, beside["usual_seconds"]):
        return False
    viewing = beside["viewing"] or 0
    if beside["seen_viewing"] is not None and beside["seen_viewing"] >= viewing:
        # Taken off the list since: it counts again for who comes from before the mark, not for a player left open behind it.
        comes_anew = share_of(beside["last_position"] or 0.0, duration) < percent
        return comes_anew and (beside["listed"] or 0) < number and now - beside["seen_at"] > rewatch_pause(duration)
    return not viewing or beside["seen_at"] is None or now - beside["seen_at"] > rewatch_pause(duration)


@dataclass(frozen=True, slots=True)
class SeenEpisode:
    """An episode that somebody saw elsewhere up to `position` of `duration` (seconds), at `watched_at`."""

    anime_id: int
    number: int
    position: float
    duration: float
    watched_at: datetime


def episodes_seen(*, user: User, seen: Collection[SeenEpisode], source: str = ChangeSource.PLAYER) -> int:
    """Count many at once, as `episode_watched` would one by one: a few statements per 500 anime. Returns how many counted.

    The caller holds a transaction. The times are those at which they were seen; an entry moves forward or stays. In a
    rewatch only what was seen before, and long enough ago, counts: old rows of a first viewing must not finish it.
    """
    preferences = preferences_of(user)
    if not preferences.tracks_watching:
        return 0
    percent = watched_percent_of(preferences)
    far = [one for one in seen if may_count(one.position, one.duration)]
    outlines = anime_outlines({one.anime_id for one in far})
    by_anime: dict[int, list[SeenEpisode]] = defaultdict(list)
    for one in far:
        outline = outlines.get(one.anime_id)
        if outline is None or is_preview(one.duration, outline.duration_seconds):
            continue
        if share_of(one.position, one.duration) >= percent:
            by_anime[one.anime_id].append(one)
    counted = 0
    ids = sorted(by_anime)
    batch = uuid7()
    for start in range(0, len(ids), CHUNK):
        part = {anime_id: by_anime[anime_id] for anime_id in ids[start : start + CHUNK]}
        counted += _part_count(user, part, outlines, _Door(batch, source))
    return counted


@dataclass(frozen=True, slots=True)
class _Door:
    """What the lines of history have in common: the batch, and through which door they came (`ChangeSource`)."""

    batch: uuid.UUID
    source: str


Notes = dict[tuple[int, int], list[tuple[int, datetime]]]
"""{(anime id, episode): [(viewing, when it was seen)]}"""


def _part_count(
    user: User, part: Mapping[int, list[SeenEpisode]], outlines: Mapping[int, AnimeOutline], door: _Door
) -> int:
    noted = _notes(user, part)
    unseen = [anime_id for anime_id, rows in part.items() if any((anime_id, one.number) not in noted for one in rows)]
    taken = {
        **entries_take(user, part.keys() - unseen, creates=False),
        **entries_take(user, unseen, creates=True),
    }
    noted = _notes(user, part)  # again, now that nobody else counts for these entries
    changed: dict[int, tuple[EntryState | None, EntryState]] = {}
    fresh: dict[int, list[SeenEpisode]] = {}
    for anime_id, (entry, before) in taken.items():
        rows = [one for one in part[anime_id] if _is_fresh(one, _viewing(before), noted)]
        if rows:
            fresh[anime_id] = rows
            changed[anime_id] = (before, _state_after(before, rows, outlines[anime_id]))
        elif before is None:
            entry.delete()
    _write(user, changed, fresh, door)
    return sum(map(len, fresh.values()))


def _notes(user: User, part: Mapping[int, list[SeenEpisode]]) -> Notes:
    found: Notes = defaultdict(list)
    rows = WatchedEpisode.objects.filter(user=user, anime_id__in=list(part))
    for anime_id, number, viewing, when in rows.values_list("anime_id", "episode_number", "viewing", "watched_at"):
        found[anime_id, number].append((viewing, when))
    return found


def _viewing(before: EntryState | None) -> int:
    return before.viewing if before else 0


def _is_fresh(one: SeenEpisode, viewing: int, noted: Notes) -> bool:
    sightings = noted.get((one.anime_id, one.number), [])
    if any(seen >= viewing for seen, _when in sightings):
        return False
    if not viewing:
        return True
    return bool(sightings) and one.watched_at - max(when for _seen, when in sightings) > rewatch_pause(one.duration)


def _state_after(before: EntryState | None, rows: Collection[SeenEpisode], outline: AnimeOutline) -> EntryState:
    """The entry after all of them: the first day begins it, the last one ends it."""
    state = before
    days = sorted(timezone.localdate(one.watched_at) for one in rows)
    for number, day in zip(sorted(one.number for one in rows), days, strict=True):
        state = state_after_episode(state, number, outline.episode_count, today=day)
    return state or EntryState()


def _write(
    user: User,
    changed: Mapping[int, tuple[EntryState | None, EntryState]],
    fresh: Mapping[int, list[SeenEpisode]],
    door: _Door,
) -> None:
    diffs = {anime_id: state_diff(before, after) for anime_id, (before, after) in changed.items()}
    states_store(user, {anime_id: changed[anime_id] for anime_id, diff in diffs.items() if diff})
    lines = {anime_id: (ActivityKind.EPISODE.value, diff) for anime_id, diff in diffs.items() if diff}
    public = {anime_id for anime_id, pair in changed.items() if is_public_change(*pair)}
    made = activities_add(user=user, changed=lines, public=public, source=door.source, batch=door.batch)
    activities = {activity.anime_id: activity for activity in made}
    notes = [
        WatchedEpisode(
            user=user,
            anime_id=anime_id,
            episode_number=one.number,
            viewing=_viewing(changed[anime_id][0]),
            source=door.source,
            watched_at=one.watched_at,
            was_public=anime_id in public,
            activity=activities.get(anime_id),
        )
        for anime_id, rows in fresh.items()
        for one in rows
    ]
    WatchedEpisode.objects.bulk_create(notes, batch_size=CHUNK)
    for note in notes:
        number, viewing = note.episode_number, note.viewing
        emit(EpisodeWatched(user.pk, note.anime_id, number, viewing, door.source, note.watched_at))
