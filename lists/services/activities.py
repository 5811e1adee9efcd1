"""Taking back a change of the list, and forgetting the history."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.facade import User
from catalog.facade import ratings_set
from core.errors import NotFound
from core.events import emit
from lists.errors import AlreadyUndone, ChangedSince
from lists.events import EntryChanged, HistoryForgotten
from lists.models import ActivityKind, ChangeSource, ListActivity, ListEntry, WatchedEpisode
from lists.services.states import FIELDS, EntryState, is_same, state_diff
from lists.services.stored_states import entries_take, states_store
from lists.services.tag_spellings import states_spelled


def activity_undo(*, user: User, activity_id: uuid.UUID) -> ListActivity:
    """Put an entry back to how it was before one change. Seen episodes of it stay noted as undone, so the player does not
    count them again by itself. What was paid for an episode stays paid.

    Raises `NotFound` for others' and unknown ones, `AlreadyUndone`, and `ChangedSince` when a field it changed has
    another value by now.
    """
    with transaction.atomic():
        activity = ListActivity.objects.select_for_update().filter(user=user, pk=activity_id).first()
        if activity is None:
            raise NotFound()
        if activity.undone_at is not None:
            raise AlreadyUndone()
        if not activities_turn_back(user=user, activities=[activity]):
            raise ChangedSince()
    return activity


def activities_turn_back(*, user: User, activities: list[ListActivity]) -> list[ListActivity]:
    """Undo those of the user's changes that nothing newer stands on, in the given order (the newest first).

    Returns the undone ones; the others are as they were. The caller locked the activities in its transaction.
    """
    gone = {row.anime_id for row in activities if row.kind == ActivityKind.REMOVED}
    taken = entries_take(user, {row.anime_id for row in activities} - gone, creates=False)
    # A row is made and held for what is not there, so that nobody adds it between the look and the writing.
    taken |= entries_take(user, gone, creates=True)
    stored: dict[int, EntryState | None] = {key: state for key, (_, state) in taken.items()}
    states, undone = dict(stored), []
    for activity in activities:
        now = states.get(activity.anime_id)
        try:
            states[activity.anime_id] = _state_before(activity, now)
        except ChangedSince:
            continue
        _told(user, activity, now, states[activity.anime_id])
        undone.append(activity)
    _states_put(user, stored, states)
    _kept_put_back(user, [row for row in undone if row.kind == ActivityKind.REMOVED and states[row.anime_id]])
    at, keys = timezone.now(), [row.pk for row in undone]
    ListActivity.objects.filter(pk__in=keys).update(undone_at=at)
    WatchedEpisode.objects.filter(activity__in=keys).update(undone_at=at)
    for row in undone:
        row.undone_at = at
    return undone


def _state_before(activity: ListActivity, now: EntryState | None) -> EntryState | None:
    """The entry without this change, None: not on the list. Raises `ChangedSince`."""
    changes = {name: pair for name, pair in activity.changes.items() if name in FIELDS}
    if activity.kind == ActivityKind.REMOVED:
        if now is not None:
            raise ChangedSince()
        return EntryState.of_json({name: pair[0] for name, pair in changes.items()})
    if now is None:
        raise ChangedSince()
    said = now.as_json()
    if any(not is_same(name, said[name], pair[1]) for name, pair in changes.items()):
        raise ChangedSince()
    if changes.get("status", [""])[0] is None:
        if state_diff(EntryState.of_json({name: pair[1] for name, pair in changes.items()}), now):
            raise ChangedSince()  # something else has been said of the anime since it was added
        return None
    return EntryState.of_json({**said, **{name: pair[0] for name, pair in changes.items()}})


def _states_put(user: User, stored: dict[int, EntryState | None], states: dict[int, EntryState | None]) -> None:
    gone = [key for key, state in states.items() if state is None]
    if gone:
        ListEntry.objects.filter(user=user, anime_id__in=gone).delete()
    scored = [key for key in gone if (state := stored.get(key)) is not None and state.score is not None]
    if scored:
        ratings_set(user=user, scores=dict.fromkeys(scored))
    changed = {
        key: (stored.get(key), state) for key, state in states.items() if state is not None and state != stored.get(key)
    }
    if changed:
        spelled = states_spelled(user, {key: after for key, (_, after) in changed.items()})
        states_store(user, {key: (before, spelled[key] or after) for key, (before, after) in changed.items()})


def _kept_put_back(user: User, activities: list[ListActivity]) -> None:
    """What a removed entry had besides its state: the day it was added, what other sites know of it."""
    if not activities:
        return
    by_anime = {row.anime_id: row.changes for row in activities}
    rows = list(ListEntry.objects.filter(user=user, anime_id__in=by_anime))
    for row in rows:
        changes = by_anime[row.anime_id]
        row.extras = changes.get("extras", [{}])[0] or {}
        if "created_at" in changes:
            row.created_at = datetime.fromisoformat(changes["created_at"][0])
    ListEntry.objects.bulk_update(rows, ["extras", "created_at"], batch_size=200)


def _told(user: User, activity: ListActivity, then: EntryState | None, now: EntryState | None) -> None:
    changes = state_diff(then, now) if now is not None else {name: [value, None] for name, value in _said(then).items()}
    emit(
        EntryChanged(
            user_id=user.pk,
            anime_id=activity.anime_id,
            changes={name: (before, after) for name, (before, after) in changes.items()},
            source=ChangeSource.UNDO,
            activity_id=activity.pk,
            is_new=then is None,
            is_removed=now is None,
            was_public=activity.was_public,
            batch=activity.batch,
        )
    )


def _said(state: EntryState | None) -> dict[str, object]:
    return state.as_json() if state is not None else {}


def activities_clear(*, user: User) -> int:
    """Forget the history of changes: the list itself and what was seen when stay. Returns how many lines went."""
    with transaction.atomic():
        # Held first, as the undo holds them before it touches the episodes: the other order would be a deadlock.
        rows = ListActivity.objects.select_for_update().filter(user=user).order_by("pk")
        list(rows.values_list("pk", flat=True))
        emit(HistoryForgotten(user.pk))
        return ListActivity.objects.filter(user=user).delete()[1].get("lists.ListActivity", 0)
