"""An anime goes on a list, changes its place, leaves it; every change leaves a line of history that can be undone."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.facade import User
from catalog.facade import anime_get_visible, anime_ids_current, rating_set
from core.events import emit
from lists.errors import NotOnList
from lists.events import EntryChanged
from lists.models import ActivityKind, ChangeSource, ListActivity, ListEntry
from lists.services.checks import changes_check
from lists.services.states import FIELDS, EntryState, is_public_change, state_diff, state_settle
from lists.services.stored_states import CHUNK, entry_lock, entry_take, state_store
from lists.services.tag_spellings import tags_spelled


@dataclass(frozen=True, slots=True)
class EntrySaved:
    """An entry after a change. `activity` is its line of history, None when nothing differed."""

    entry: ListEntry
    state: EntryState
    is_new: bool
    activity: ListActivity | None


def entry_set(
    *,
    user: User,
    anime_id: int,
    source: str = ChangeSource.SITE,
    must_exist: bool = False,
    batch: uuid.UUID | None = None,
    **wanted: Any,
) -> EntrySaved:
    """Put an anime on the list or change its entry. `wanted` are fields of `EntryState`; what is left out stays.

    A new entry without a status is "planned". What follows by itself (dates, "completed" with the last episode) is in
    `states.state_settle`. Raises `NotFound`, `AnimeHidden`, `ValidationFailed`, and with `must_exist` `NotOnList`.
    """
    anime = anime_get_visible(user, anime_id)
    with transaction.atomic():
        found = entry_lock(user, anime.pk) if must_exist else entry_take(user, anime.pk)
        if found is None:
            raise NotOnList()
        entry, before = found
        clean = changes_check(wanted, before=before, episode_count=anime.episode_count)
        if "tags" in clean:
            clean["tags"] = tags_spelled(user, clean["tags"])
        after = state_settle(before, clean, episode_count=anime.episode_count, today=timezone.localdate())
        changes = state_diff(before, after)
        if not changes:
            return EntrySaved(entry, after, is_new=False, activity=None)
        state_store(user, entry, before, after)
        kind = ActivityKind.ADDED if before is None else ActivityKind.CHANGED
        activity = activity_add(
            user=user,
            anime_id=anime.pk,
            kind=kind,
            source=source,
            changes=changes,
            was_public=is_public_change(before, after),
            batch=batch,
        )
    return EntrySaved(entry, after, is_new=before is None, activity=activity)


def entry_remove(
    *, user: User, anime_id: int, source: str = ChangeSource.SITE, batch: uuid.UUID | None = None
) -> ListActivity | None:
    """Take an anime off the list, its score with it. Returns the line of history, None when it was not there.

    An anime that nobody may see any more leaves the list like every other; the id of one that was merged away takes off
    the one that it is part of.
    """
    with transaction.atomic():
        anime_id = anime_ids_current([anime_id]).get(anime_id, anime_id)
        found = entry_lock(user, anime_id)
        if found is None:
            return None
        entry, state = found
        changes = removal_changes(entry, state)
        entry.delete()
        if state.score is not None:
            rating_set(user=user, anime_id=anime_id, score=None)
        return activity_add(
            user=user,
            anime_id=anime_id,
            kind=ActivityKind.REMOVED,
            source=source,
            changes=changes,
            was_public=is_public_change(state, None),
            batch=batch,
        )


def removal_changes(entry: ListEntry, state: EntryState) -> dict[str, list[Any]]:
    """The changes of a removal: everything, and what else the undo puts back (`extras`, `created_at`)."""
    changes = {name: [value, None] for name, value in state.as_json().items()}
    return {**changes, "extras": [entry.extras, None], "created_at": [entry.created_at.isoformat(), None]}


def activity_add(
    *,
    user: User,
    anime_id: int,
    kind: str,
    source: str,
    changes: Mapping[str, list[Any]],
    was_public: bool,
    batch: uuid.UUID | None = None,
) -> ListActivity:
    """Write a line of history and tell the house. The caller holds the transaction that made the change."""
    public = {anime_id} if was_public else set[int]()
    return activities_add(user=user, changed={anime_id: (kind, changes)}, public=public, source=source, batch=batch)[0]


def activities_add(
    *,
    user: User,
    changed: Mapping[int, tuple[str, Mapping[str, list[Any]]]],
    public: Collection[int],
    source: str,
    batch: uuid.UUID | None = None,
) -> list[ListActivity]:
    """Like `activity_add` for many: {anime id: (kind, changes)}; one statement per 500. `public` are the anime of those
    changes that others may read of (`states.is_public_change`).
    """
    now = timezone.now()
    rows = [
        ListActivity(
            user=user,
            anime_id=anime_id,
            kind=kind,
            source=source,
            changes=dict(changes),
            was_public=anime_id in public,
            batch=batch,
            created_at=now,
        )
        for anime_id, (kind, changes) in changed.items()
    ]
    ListActivity.objects.bulk_create(rows, batch_size=CHUNK)
    for row in rows:
        emit(
            EntryChanged(
                user_id=user.pk,
                anime_id=row.anime_id,
                changes={name: (then, now) for name, (then, now) in row.changes.items() if name in FIELDS},
                source=source,
                activity_id=row.pk,
                is_new="status" in row.changes and row.changes["status"][0] is None,
                is_removed=row.kind == ActivityKind.REMOVED,
                was_public=row.was_public,
                batch=batch,
            )
        )
    return rows
