"""Two anime have become one: what people keep of the duplicate moves to the one that stays."""

from collections import defaultdict
from typing import Any

from django.db import models
from django.db.models import F, Q

from catalog.facade import AnimeMerged
from lists.models import (
    AnimeNeighbour,
    CollectionItem,
    EntryStatus,
    EntryTag,
    ListActivity,
    ListEntry,
    ListImportRow,
    ScrobbleReceipt,
    ScrobbleRule,
    WatchedEpisode,
    WatchProgress,
)
from lists.tag_keys import tag_key

_FARTHER = (
    EntryStatus.PLANNED,
    EntryStatus.DROPPED,
    EntryStatus.ON_HOLD,
    EntryStatus.WATCHING,
    EntryStatus.COMPLETED,
    EntryStatus.REWATCHING,
)
_NOTED: tuple[type[models.Model], ...] = (ListActivity, ListImportRow, ScrobbleReceipt, ScrobbleRule)
"""Tables of which every row simply names the other anime from now on."""


def lists_follow_merge(event: AnimeMerged) -> None:
    """Move what hangs on the duplicate, inside the merge's transaction. Scores moved with the catalogue's ratings.

    Whoever has both on the list keeps one entry with all that they gave to either (`_entries_join`); of two places in one
    episode the newer stays, of two sightings the one that counts, of two items in one collection the one that was there.
    """
    keep, duplicate = event.keep_id, event.duplicate_id
    _entries_join(keep, duplicate)
    ListEntry.objects.filter(anime_id=duplicate).update(anime_id=keep)
    _places_move(keep, duplicate)
    _sightings_move(keep, duplicate)
    _items_move(keep, duplicate)
    _neighbours_move(keep, duplicate)
    for model in _NOTED:
        model._base_manager.filter(anime_id=duplicate).update(anime_id=keep)


def _entries_join(keep: int, duplicate: int) -> None:
    rows = ListEntry.objects.select_for_update().filter(anime_id__in=[keep, duplicate]).order_by("pk")
    both = rows.filter(user__in=ListEntry.objects.filter(anime_id=duplicate).values("user"))
    pairs: dict[object, dict[int, ListEntry]] = defaultdict(dict)
    for row in both:
        pairs[row.user_id][row.anime_id] = row
    joined, gone, tags = [], [], list[EntryTag]()
    for pair in pairs.values():
        if len(pair) == 2:
            joined.append(_entry_joined(pair[keep], pair[duplicate]))
            gone.append(pair[duplicate].pk)
            words = EntryTag.objects.filter(entry=pair[duplicate]).values_list("name", flat=True)
            tags.extend(EntryTag(entry=pair[keep], name=name, key=tag_key(name)) for name in words)
    EntryTag.objects.bulk_create(tags, ignore_conflicts=True)
    ListEntry.objects.filter(pk__in=gone).delete()
    fields = ["status", "episodes_watched", "rewatch_count", "started_on", "finished_on", "notes"]
    ListEntry.objects.bulk_update(
        joined, [*fields, "is_private", "is_favourite", "extras", "created_at"], batch_size=100
    )


def _entry_joined(kept: ListEntry, other: ListEntry) -> ListEntry:
    """`kept` with the status of whichever is farther, and all that the person gave to either."""
    far, near = (kept, other) if _farness(kept) >= _farness(other) else (other, kept)
    values: dict[str, Any] = {
        "status": far.status,
        "episodes_watched": far.episodes_watched
        if far.status == EntryStatus.REWATCHING
        else max(far.episodes_watched, near.episodes_watched),
        "rewatch_count": max(far.rewatch_count, near.rewatch_count),
        "started_on": min(filter(None, (far.started_on, near.started_on)), default=""),
        "finished_on": far.finished_on or near.finished_on,
        "notes": "\n\n".join(dict.fromkeys(filter(None, (kept.notes, other.notes)))),
        "is_private": far.is_private or near.is_private,
        "is_favourite": far.is_favourite or near.is_favourite,
        "extras": {**other.extras, **kept.extras},
        "created_at": min(far.created_at, near.created_at),
    }
    for name, value in values.items():
        setattr(kept, name, value)
    return kept


def _farness(entry: ListEntry) -> tuple[int, int, int]:
    return entry.rewatch_count, _FARTHER.index(EntryStatus(entry.status)), entry.episodes_watched


def _places_move(keep: int, duplicate: int) -> None:
    places: dict[tuple[object, int], WatchProgress] = {}
    older = []
    rows = WatchProgress.objects.select_for_update().filter(anime_id__in=[keep, duplicate])
    for row in rows.order_by("-updated_at", "pk"):
        if places.setdefault((row.user_id, row.episode_number), row) is not row:
            older.append(row.pk)
    WatchProgress.objects.filter(pk__in=older).delete()
    WatchProgress.objects.filter(anime_id=duplicate).update(anime_id=keep)


def _sightings_move(keep: int, duplicate: int) -> None:
    """Of two that are not undone the earlier stays: it is the one that was counted (and paid) first."""
    counted: dict[tuple[object, int, int], WatchedEpisode] = {}
    double = []
    rows = WatchedEpisode.objects.filter(anime_id__in=[keep, duplicate])
    for row in rows.order_by(F("undone_at").desc(nulls_first=True), "watched_at", "pk"):
        if counted.setdefault((row.user_id, row.episode_number, row.viewing), row) is not row:
            double.append(row.pk)
    WatchedEpisode.objects.filter(pk__in=double).delete()
    WatchedEpisode.objects.filter(anime_id=duplicate).update(anime_id=keep)


def _items_move(keep: int, duplicate: int) -> None:
    rows = CollectionItem.objects.filter(anime_id__in=[keep, duplicate])
    items: dict[object, dict[int, CollectionItem]] = defaultdict(dict)
    for row in rows.filter(collection__in=CollectionItem.objects.filter(anime_id=duplicate).values("collection")):
        items[row.collection_id][row.anime_id or 0] = row
    gone, noted = [], []
    for pair in items.values():
        if len(pair) == 2:
            kept, other = pair[keep], pair[duplicate]
            gone.append(other.pk)
            if (other.note and not kept.note) or (other.group_id and not kept.group_id):
                kept.note, kept.group_id = kept.note or other.note, kept.group_id or other.group_id
                noted.append(kept)
    CollectionItem.objects.filter(pk__in=gone).delete()
    CollectionItem.objects.bulk_update(noted, ["note", "group"], batch_size=100)
    CollectionItem.objects.filter(anime_id=duplicate).update(anime_id=keep)


def _neighbours_move(keep: int, duplicate: int) -> None:
    rows = AnimeNeighbour.objects
    rows.filter(Q(anime=keep, neighbour=duplicate) | Q(anime=duplicate, neighbour=keep)).delete()
    known = rows.filter(anime=keep).values("neighbour")
    rows.filter(anime=duplicate, neighbour__in=list(known.values_list("neighbour", flat=True))).delete()
    rows.filter(anime=duplicate).update(anime=keep)
    pointing = rows.filter(neighbour=keep).values_list("anime", flat=True)
    rows.filter(neighbour=duplicate, anime__in=list(pointing)).delete()
    rows.filter(neighbour=duplicate).update(neighbour=keep)
