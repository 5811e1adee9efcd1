"""Episodes have become another anime's: how far people are in them, and that they saw them, follows."""

from typing import Any

from django.db import models
from django.db.models import F

from catalog.facade import AnimeSplit
from lists.models import ScrobbleReceipt, ScrobbleRule, WatchedEpisode, WatchProgress


def lists_follow_split(event: AnimeSplit) -> None:
    """Inside the transaction. Entries, with what they count, stay; where the other anime has the like, that stays."""
    if not event.moves_watching:
        return
    _move(WatchProgress, event, ("user_id", "episode_number"))
    _move(WatchedEpisode, event, ("user_id", "episode_number", "viewing"))
    _move(ScrobbleReceipt, event, ())
    _move(ScrobbleRule, event, ())


def _move(model: type[models.Model], event: AnimeSplit, identity: tuple[str, ...]) -> None:
    """`identity`: what must differ among the rows of one anime, () for nothing."""
    table: Any = model._base_manager
    rows = table.filter(anime_id=event.from_id, episode_number__range=(event.first, event.last))
    if identity:
        there = table.filter(
            anime_id=event.to_id, episode_number__range=(event.first + event.offset, event.last + event.offset)
        )
        taken = {tuple(row.values()) for row in there.values(*identity)}
        place = identity.index("episode_number")
        double = [
            pk
            for pk, *values in rows.values_list("pk", *identity)
            if (*values[:place], values[place] + event.offset, *values[place + 1 :]) in taken
        ]
        table.filter(pk__in=double).delete()
    rows.update(anime_id=event.to_id, episode_number=F("episode_number") + event.offset)
