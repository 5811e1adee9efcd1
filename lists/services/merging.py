"""Two anime have become one: entries and places move to the one that stays."""

from catalog.facade import AnimeMerged
from lists.models import ListEntry, WatchProgress


def lists_follow_merge(event: AnimeMerged) -> None:
    """Move what hangs on the duplicate, inside the merge's transaction.

    Whoever has both on the list keeps the entry of the anime that stays; of two places in one episode the newer stays.
    """
    kept = ListEntry.objects.filter(anime_id=event.keep_id).values("user_id")
    ListEntry.objects.filter(anime_id=event.duplicate_id, user_id__in=kept).delete()
    ListEntry.objects.filter(anime_id=event.duplicate_id).update(anime_id=event.keep_id)

    places: dict[tuple[object, int], WatchProgress] = {}
    older = []
    rows = WatchProgress.objects.select_for_update().filter(anime_id__in=[event.keep_id, event.duplicate_id])
    for row in rows.order_by("-updated_at", "pk"):
        if places.setdefault((row.user_id, row.episode_number), row) is not row:
            older.append(row.pk)
    WatchProgress.objects.filter(pk__in=older).delete()
    WatchProgress.objects.filter(anime_id=event.duplicate_id).update(anime_id=event.keep_id)
