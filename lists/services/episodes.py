"""An episode was seen: by the player, by "+1", by a media server. Counted once per person, episode and viewing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import AnimeOutline, anime_get_visible, anime_outlines
from core.errors import ValidationFailed
from core.events import emit
from lists.errors import NothingLeftToWatch
from lists.events import EpisodeWatched
from lists.models import ActivityKind, ChangeSource, EntryStatus, ListActivity, ListEntry, WatchedEpisode
from lists.models.entries import EPISODES_LIMIT
from lists.services.entries import activity_add
from lists.services.states import EntryState, is_public_change, state_diff, state_settle
from lists.services.stored_states import entry_take, state_store

UNKNOWN_LENGTH = 24 * 60
"""Seconds, of an episode whose length nobody told."""


@dataclass(frozen=True, slots=True)
class EpisodeCounted:
    """`is_counted` is False when it was counted before; then nothing changed and `activity` is None."""

    episode_number: int
    state: EntryState
    is_counted: bool
    activity: ListActivity | None


def episode_next(
    *, user: User, anime_id: int, source: str = ChangeSource.SITE, expected: int | None = None
) -> EpisodeCounted:
    """Count the next episode (reference: POST /anime-list/:anime_id/episode); the anime joins the list when it is not on it.

    Two devices that press at once count two. `expected` is the episode that the caller means: it counts up to that one,
    and once; a second press counts nothing. Raises `NotFound`, `AnimeHidden`, `NothingLeftToWatch`, and
    `ValidationFailed` for an `expected` that the anime does not have.
    """
    anime = anime_get_visible(user, anime_id)
    count = anime.episode_count
    if expected is not None and not 1 <= expected <= (count or EPISODES_LIMIT):
        raise ValidationFailed({"episode": [_("The anime has no such episode.")]})
    with transaction.atomic():
        entry, before = entry_take(user, anime.pk)
        seen = before.episodes_watched if before else 0
        if expected is not None and expected <= seen:
            return EpisodeCounted(expected, before or EntryState(), is_counted=False, activity=None)
        number = expected or seen + 1
        is_over = before is not None and before.status == EntryStatus.COMPLETED and not count
        if is_over or number > (count or EPISODES_LIMIT):
            raise NothingLeftToWatch()
        return _count(user, entry, before, _Seen(anime.pk, number, source, timezone.now()), count, is_asked=True)


def episode_watched(
    *,
    user: User,
    anime_id: int,
    episode_number: int,
    source: str,
    watched_at: datetime | None = None,
    length: float | None = None,
) -> EpisodeCounted:
    """Somebody saw this episode to (nearly) its end: it moves the list forward, never back, and counts once a viewing.

    planned, on hold and dropped become watching, the last episode completes, a rewatch's last one counts the rewatch.
    Episodes at or below what is counted are noted as seen and change nothing else. One that the list does not have any more
    (undone, or its entry removed) and every one of a rewatch counts only when it was last seen or taken back longer ago
    than half of its `length` (seconds; None: the catalogue's): a player that is still open at the end is no second viewing.
    The caller checked that the episode exists and may be seen.
    """
    outline = anime_outlines([anime_id])[anime_id]
    with transaction.atomic():
        entry, before = entry_take(user, anime_id)
        moment = watched_at or timezone.now()
        if before is not None and before.viewing and _was_just_seen(user, outline, episode_number, moment, length):
            return EpisodeCounted(episode_number, before, is_counted=False, activity=None)
        seen = _Seen(anime_id, episode_number, source, moment, rewatch_pause(length or outline.duration_seconds))
        return _count(user, entry, before, seen, outline.episode_count, is_asked=False)


def _was_just_seen(user: User, outline: AnimeOutline, number: int, moment: datetime, length: float | None) -> bool:
    seen = WatchedEpisode.objects.filter(user=user, anime_id=outline.id, episode_number=number)
    last = seen.order_by("-watched_at").values_list("watched_at", flat=True).first()
    return last is not None and moment - last <= rewatch_pause(length or outline.duration_seconds)


def rewatch_pause(length: float | None) -> timedelta:
    """How long an episode of `length` seconds (None: not known) must have been over before a rewatch can count it."""
    return timedelta(seconds=(length or UNKNOWN_LENGTH) / 2)


@dataclass(frozen=True, slots=True)
class _Seen:
    """An episode that was seen at `at`."""

    anime_id: int
    number: int
    source: str
    at: datetime
    pause: timedelta = timedelta()


def _count(
    user: User,
    entry: ListEntry,
    before: EntryState | None,
    seen: _Seen,
    episode_count: int | None,
    *,
    is_asked: bool,
) -> EpisodeCounted:
    number, viewing = seen.number, before.viewing if before else 0
    listed = before.episodes_watched if before else 0
    was_public = is_public_change(before, None)  # watching makes nothing private, nor public
    is_listed = number <= listed
    row, is_first, is_again = _seen_note(
        user, seen, viewing, is_asked=is_asked, is_listed=is_listed, was_public=was_public
    )
    if not (is_first or is_again or is_asked):
        if before is None:
            entry.delete()  # made for this episode, which turns out to be counted or taken back already
        return EpisodeCounted(number, before or EntryState(), is_counted=False, activity=None)
    after = state_after_episode(before, number, episode_count, today=timezone.localdate())
    changes = state_diff(before, after)
    activity = None
    if changes:
        state_store(user, entry, before, after)
        activity = activity_add(
            user=user,
            anime_id=seen.anime_id,
            kind=ActivityKind.EPISODE,
            source=seen.source,
            changes=changes,
            was_public=was_public,
        )
        row.activity = activity
        row.save(update_fields=["activity"])
    if is_first:
        emit(EpisodeWatched(user.pk, seen.anime_id, number, viewing, seen.source, seen.at))
    return EpisodeCounted(number, after, is_counted=True, activity=activity)


def state_after_episode(
    before: EntryState | None, number: int, episode_count: int | None, *, today: date
) -> EntryState:
    """The entry once `number` is seen, on the day `today`: forward only."""
    old = before or EntryState()
    if before is not None and number <= old.episodes_watched:
        return old
    wanted: dict[str, object] = {"episodes_watched": number}
    if old.status == EntryStatus.DROPPED and not (episode_count and number >= episode_count):
        wanted["status"] = EntryStatus.WATCHING
    elif old.status == EntryStatus.DROPPED:
        wanted["status"] = EntryStatus.COMPLETED
    return state_settle(before, wanted, episode_count=episode_count, today=today)


def _seen_note(
    user: User, seen: _Seen, viewing: int, *, is_asked: bool, is_listed: bool, was_public: bool
) -> tuple[WatchedEpisode, bool, bool]:
    """The row of this episode and viewing, whether it was made now, and whether it counts once more.

    What was undone comes back when it is asked for; what the list does not have any more when it is seen once more.
    """
    row, is_first = WatchedEpisode.objects.get_or_create(
        user=user,
        anime_id=seen.anime_id,
        episode_number=seen.number,
        viewing=viewing,
        defaults={"source": seen.source, "watched_at": seen.at, "was_public": was_public},
    )
    is_late = not is_listed and seen.at - (row.undone_at or row.watched_at) > seen.pause
    is_again = not is_first and (row.undone_at is not None if is_asked else is_late)
    if is_again:
        row.undone_at, row.watched_at, row.source, row.was_public = None, seen.at, seen.source, was_public
        row.save(update_fields=["undone_at", "watched_at", "source", "was_public"])
    return row, is_first, is_again
