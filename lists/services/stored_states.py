"""Entries as values, out of the database and into it. The caller holds a transaction and writes the history."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.utils import timezone

from accounts.facade import User
from catalog.facade import rating_set, ratings_of, ratings_set
from core.errors import Conflict
from lists.models import EntryTag, ListEntry
from lists.services.locking import person_lock
from lists.services.states import EntryState
from lists.tag_keys import tag_key

COLUMNS = (
    "status",
    "episodes_watched",
    "rewatch_count",
    "started_on",
    "finished_on",
    "notes",
    "is_private",
    "is_favourite",
)
CHUNK = 500
ROUNDS = 10
"""How often a row is offered again that somebody else removed between its making and its lock."""


def entry_lock(user: User, anime_id: int) -> tuple[ListEntry, EntryState] | None:
    """The entry, held until the transaction ends, and its state; None when the anime is not on the list.

    Score and tags are read after the lock is held, not beside it: a statement that waited for the lock would show them
    as they were before the wait.
    """
    entry = ListEntry.objects.select_for_update().filter(user=user, anime_id=anime_id).first()
    if entry is None:
        return None
    return entry, states_of(user, [entry])[anime_id]


def entry_take(user: User, anime_id: int) -> tuple[ListEntry, EntryState | None]:
    """The entry, held until the transaction ends, and its state; made now, with None as its state, when there was none.

    Of two that make it at once one gets None, the other waits and gets what the first stored.
    """
    found = entry_lock(user, anime_id)
    if found is not None:
        return found
    return entries_take(user, [anime_id], creates=True)[anime_id]


def entries_take(
    user: User, anime_ids: Collection[int], *, creates: bool
) -> dict[int, tuple[ListEntry, EntryState | None]]:
    """Like `entry_take` for many, locked in the order of their anime; without `creates` only those that are there.

    Two changes of many entries of one person wait for each other (`locking.person_lock`).
    """
    ids = sorted(set(anime_ids))
    if len(ids) > 1:
        person_lock(user.pk)
    made: set[object] = set()
    entries: list[ListEntry] = []
    for _round in range(ROUNDS):
        if creates:
            made |= _missing_make(user, ids)
        entries = _locked(user, ids)
        if not creates or len(entries) == len(ids):
            break
    else:
        raise Conflict()
    states = states_of(user, [entry for entry in entries if entry.pk not in made])
    return {entry.anime_id: (entry, states.get(entry.anime_id)) for entry in entries}


def _missing_make(user: User, ids: list[int]) -> set[object]:
    """The keys of rows that were offered for anime that are not on the list."""
    there = _anime_ids_listed(user, ids)
    rows = [ListEntry(user=user, anime_id=key) for key in ids if key not in there]
    ListEntry.objects.bulk_create(rows, ignore_conflicts=True, batch_size=CHUNK)
    return {row.pk for row in rows}


def _locked(user: User, ids: list[int]) -> list[ListEntry]:
    entries: list[ListEntry] = []
    for start in range(0, len(ids), CHUNK):
        part = ListEntry.objects.select_for_update().filter(user=user, anime_id__in=ids[start : start + CHUNK])
        entries.extend(part.order_by("anime_id"))
    return entries


def _anime_ids_listed(user: User, ids: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        part = ListEntry.objects.filter(user=user, anime_id__in=ids[start : start + CHUNK])
        found.update(part.values_list("anime_id", flat=True))
    return found


def states_of(user: User, entries: Collection[ListEntry]) -> dict[int, EntryState]:
    """{anime id: state}; two queries per 500."""
    rows = list(entries)
    scores = ratings_of(user, [row.anime_id for row in rows])
    tags: dict[object, list[str]] = defaultdict(list)
    for start in range(0, len(rows), CHUNK):
        found = EntryTag.objects.filter(entry__in=[row.pk for row in rows[start : start + CHUNK]])
        for entry_id, name in found.values_list("entry_id", "name"):
            tags[entry_id].append(name)
    return {row.anime_id: EntryState.of(row, score=scores.get(row.anime_id), tags=tuple(tags[row.pk])) for row in rows}


def state_store(user: User, entry: ListEntry, before: EntryState | None, after: EntryState) -> None:
    """Write what differs of one entry: its columns, its tags, its score."""
    for name in COLUMNS:
        setattr(entry, name, getattr(after, name))
    entry.save(update_fields=[*COLUMNS, "updated_at"])
    old = set(before.tags) if before else set()
    if old != set(after.tags):
        EntryTag.objects.filter(entry=entry).exclude(name__in=after.tags).delete()
        EntryTag.objects.bulk_create(
            [EntryTag(entry=entry, name=name, key=tag_key(name)) for name in after.tags if name not in old],
            ignore_conflicts=True,
        )
    if (before.score if before else None) != after.score:
        rating_set(user=user, anime_id=entry.anime_id, score=after.score)


def states_store(user: User, changed: Mapping[int, tuple[EntryState | None, EntryState]]) -> None:
    """Write many: {anime id: (state before, or None for a new entry, state after)}; a few statements per 500.

    The caller locked the entries that exist. Times of change are now.
    """
    now = timezone.now()
    rows = [
        ListEntry(user=user, anime_id=key, updated_at=now, **{name: getattr(after, name) for name in COLUMNS})
        for key, (_before, after) in changed.items()
    ]
    ListEntry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "anime"],
        update_fields=[*COLUMNS, "updated_at"],
        batch_size=CHUNK,
    )
    _tags_store(user, changed)
    scores = {
        key: after.score
        for key, (before, after) in changed.items()
        if (before.score if before else None) != after.score
    }
    if scores:
        ratings_set(user=user, scores=scores)


def _tags_store(user: User, changed: Mapping[int, tuple[EntryState | None, EntryState]]) -> None:
    wanted = {k: after.tags for k, (before, after) in changed.items() if (before.tags if before else ()) != after.tags}
    keys = sorted(wanted)
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        ids = dict(ListEntry.objects.filter(user=user, anime_id__in=part).values_list("anime_id", "pk"))
        EntryTag.objects.filter(entry__in=list(ids.values())).delete()
        EntryTag.objects.bulk_create(
            [
                EntryTag(entry_id=ids[key], name=name, key=tag_key(name))
                for key in part
                if key in ids
                for name in wanted[key]
            ],
            ignore_conflicts=True,
            batch_size=CHUNK,
        )


__all__ = ["COLUMNS", "entries_take", "entry_lock", "entry_take", "state_store", "states_of", "states_store"]
