"""An anime goes on a list, changes its place, leaves it."""

from enum import Enum

from django.db import transaction

from accounts.facade import User
from catalog.facade import anime_get_visible, rating_set
from core.errors import ValidationFailed
from lists.models import EntryStatus, ListEntry


class Unset(Enum):
    """The default of an argument that was left out, where None has a meaning of its own."""

    KEEP = "keep"


def entry_set(
    *, user: User, anime_id: int, status: str | None = None, score: int | Unset | None = Unset.KEEP
) -> ListEntry:
    """Put an anime on the list or change its entry; `score` 0–100, None takes it away, left out keeps it.

    Without a status a new entry is "planned" and an old one keeps its own. Raises `NotFound`, `AnimeHidden`, `ValidationFailed`.
    """
    if status is not None and status not in EntryStatus.values:
        raise ValidationFailed({"status": ["No such status."]})
    if score is not Unset.KEEP and score is not None and not (isinstance(score, int) and 0 <= score <= 100):
        raise ValidationFailed({"score": ["A whole number from 0 to 100."]})
    anime_id = anime_get_visible(user, anime_id).pk
    with transaction.atomic():
        entry, is_new = ListEntry.objects.get_or_create(
            user=user, anime_id=anime_id, defaults={"status": status or EntryStatus.PLANNED}
        )
        if not is_new and status is not None and entry.status != status:
            entry.status = status
            entry.save(update_fields=["status", "updated_at"])
        if score is not Unset.KEEP:
            rating_set(user=user, anime_id=anime_id, score=score)
    return entry


def entry_remove(*, user: User, anime_id: int) -> bool:
    """Take an anime off the list, its score with it. Returns whether it was there."""
    with transaction.atomic():
        gone, _ = ListEntry.objects.filter(user=user, anime_id=anime_id).delete()
        if gone:
            rating_set(user=user, anime_id=anime_id, score=None)
    return bool(gone)
