"""What is on somebody's list."""

from collections.abc import Iterable

from accounts.facade import User
from lists.models import EntryStatus, ListEntry


def entry_of(user: User, anime_id: int) -> ListEntry | None:
    """The user's entry for one anime, or None."""
    return ListEntry.objects.filter(user=user, anime_id=anime_id).first()


def statuses_of(user: User, anime_ids: Iterable[int]) -> dict[int, str]:
    """{anime id: status} of those anime that are on the list."""
    return dict(ListEntry.objects.filter(user=user, anime_id__in=list(anime_ids)).values_list("anime_id", "status"))


def followed_ids(user: User) -> set[int]:
    """Ids of all anime on the list but the dropped ones. One query."""
    kept = ListEntry.objects.filter(user=user).exclude(status=EntryStatus.DROPPED)
    return set(kept.values_list("anime_id", flat=True))
