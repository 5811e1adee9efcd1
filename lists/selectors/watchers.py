"""Who is watching an anime, for an app above that tells them of its new episodes."""

import uuid
from dataclasses import dataclass

from lists.models import EntryStatus, ListEntry

WATCHING = (EntryStatus.WATCHING, EntryStatus.REWATCHING)


@dataclass(frozen=True, slots=True)
class Watcher:
    """`episodes_watched` counts within the present viewing, so a rewatch begins at 0."""

    user_id: uuid.UUID
    episodes_watched: int


def watchers_of(anime_id: int, *, after: uuid.UUID | None, limit: int) -> list[Watcher]:
    """The next `limit` people beyond `after`, in the order of their ids, who are watching or rewatching it; one query.

    Private entries too: who asks tells the person alone. Nobody who is suspended or leaving.
    """
    rows = ListEntry.objects.filter(
        anime=anime_id, status__in=WATCHING, user__is_active=True, user__deletion_due_at=None, user__erased_at=None
    )
    if after is not None:
        rows = rows.filter(user__gt=after)
    return [Watcher(*row) for row in rows.order_by("user_id").values_list("user_id", "episodes_watched")[:limit]]
