"""Two anime have become one: notifications, wishes and releases of the duplicate are of the one that stays."""

from typing import Any

from django.db import models

from catalog.facade import AnimeMerged
from social.models import EpisodeRelease, EpisodeWish, Notification


def notifications_follow_merge(event: AnimeMerged) -> None:
    """Move them, inside the merge's transaction. Of two equal wishes or releases the one that stays is kept; a muted
    anime stays muted.
    """
    keep, duplicate = event.keep_id, event.duplicate_id
    Notification.objects.filter(anime_id=duplicate).update(anime_id=keep)
    _move(EpisodeRelease, ("episode_number", "kind", "language"), keep, duplicate)
    muted = EpisodeWish.objects.filter(anime_id__in=[keep, duplicate], is_muted=True)
    people = set(muted.values_list("user_id", flat=True))
    _move(EpisodeWish, ("user_id", "kind", "language"), keep, duplicate)
    EpisodeWish.objects.filter(anime_id=keep, user__in=people).update(is_muted=True)


def _move(model: type[models.Model], names: tuple[str, ...], keep: int, duplicate: int) -> None:
    """Every row but those whose like is there already; those go."""
    rows: Any = model._base_manager
    known = set(rows.filter(anime_id=keep).values_list(*names))
    twice = [row[0] for row in rows.filter(anime_id=duplicate).values_list("pk", *names) if row[1:] in known]
    rows.filter(pk__in=twice).delete()
    rows.filter(anime_id=duplicate).update(anime_id=keep)
