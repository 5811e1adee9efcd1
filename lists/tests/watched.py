"""People with lists, dates and watched episodes for the tests of statistics."""

import datetime
from typing import Any

from accounts.models import User
from catalog.models import Rating
from catalog.tests.factories import AnimeFactory
from lists.models import ListEntry, WatchedEpisode


def entry(
    user: User, *, score: int | None = None, anime: Any = None, facts: dict[str, Any] | None = None, **fields: Any
):
    """An entry of a new anime of 12 episodes of 24 minutes (`facts` say otherwise) with the user's score."""
    anime = anime or AnimeFactory.create(document=True, **(facts or {}))
    if score is not None:
        Rating.objects.create(user=user, anime=anime, score=score)
    return ListEntry.objects.create(user=user, anime=anime, **fields)


def seen(user: User, anime: Any, *moments: str, viewing: int = 0, **fields: Any) -> None:
    """Episodes 1, 2, … of `anime`, watched in public at these instants (ISO, UTC)."""
    fields.setdefault("was_public", True)
    first = WatchedEpisode.objects.filter(user=user, anime=anime).count()
    for number, moment in enumerate(moments, first + 1):
        when = datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.UTC)
        WatchedEpisode.objects.create(
            user=user, anime=anime, episode_number=number, viewing=viewing, source="site", watched_at=when, **fields
        )
