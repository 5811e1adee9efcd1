"""Taking back a change of the list."""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.facade import User
from catalog.facade import rating_set
from core.errors import NotFound
from core.events import emit
from lists.errors import AlreadyUndone, ChangedSince
from lists.events import EntryChanged
from lists.models import ActivityKind, ChangeSource, ListActivity, ListEntry, WatchedEpisode
from lists.services.states import FIELDS, EntryState, state_diff
from lists.services.stored_states import entry_lock, state_store


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
        found = entry_lock(user, activity.anime_id)
        if activity.kind == ActivityKind.REMOVED:
            _put_back(user, activity, is_there=found is not None)
        else:
            if found is None:
                raise ChangedSince()
            _turn_back(user, activity, *found)
        now = timezone.now()
        activity.undone_at = now
        activity.save(update_fields=["undone_at"])
        WatchedEpisode.objects.filter(activity=activity).update(undone_at=now)
    return activity


def _put_back(user: User, activity: ListActivity, *, is_there: bool) -> None:
    if is_there:
        raise ChangedSince()
    state = EntryState.of_json({name: pair[0] for name, pair in activity.changes.items() if name in FIELDS})
    entry = ListEntry.objects.create(user=user, anime_id=activity.anime_id)
    state_store(user, entry, None, state)
    _told(user, activity, state_diff(None, state), is_new=True)


def _turn_back(user: User, activity: ListActivity, entry: ListEntry, state: EntryState) -> None:
    now = state.as_json()
    changes = {name: pair for name, pair in activity.changes.items() if name in FIELDS}
    if any(now[name] != pair[1] for name, pair in changes.items()):
        raise ChangedSince()
    if activity.changes.get("status", [""])[0] is None:
        if state_diff(EntryState.of_json({name: pair[1] for name, pair in changes.items()}), state):
            raise ChangedSince()  # something else has been said of the anime since it was added
        entry.delete()
        rating_set(user=user, anime_id=activity.anime_id, score=None)
        _told(user, activity, {name: [pair[1], None] for name, pair in changes.items()}, is_removed=True)
        return
    before = EntryState.of_json({**now, **{name: pair[0] for name, pair in changes.items()}})
    state_store(user, entry, state, before)
    _told(user, activity, state_diff(state, before))


def _told(user: User, activity: ListActivity, changes: dict, *, is_new: bool = False, is_removed: bool = False) -> None:
    emit(
        EntryChanged(
            user_id=user.pk,
            anime_id=activity.anime_id,
            changes={name: (then, now) for name, (then, now) in changes.items()},
            source=ChangeSource.UNDO,
            activity_id=activity.pk,
            is_new=is_new,
            is_removed=is_removed,
        )
    )


def activities_clear(*, user: User) -> int:
    """Forget the history of changes: the list itself and what was seen when stay. Returns how many lines went."""
    return ListActivity.objects.filter(user=user).delete()[1].get("lists.ListActivity", 0)
