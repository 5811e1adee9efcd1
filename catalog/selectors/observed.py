"""Releases that were seen elsewhere: what apps above noticed of new episodes, for the calendar and for lists of news."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Observed:
    """An episode that somebody offers since `at` (UTC). `episode` is None where the number is not one of the anime's own.

    `site` is the short name of who offers it, as `BroadcastRule.site` is.
    """

    anime_id: int
    episode: int | None
    at: datetime.datetime
    site: str


@dataclass(frozen=True, slots=True)
class Span:
    """From `begins_at` on and before `ends_at` (UTC)."""

    begins_at: datetime.datetime
    ends_at: datetime.datetime


Source = Callable[[Span, int], Iterable[Observed]]
_sources: list[Source] = []


def observed_register(source: Source) -> None:
    """Let an upper app say what it saw within a `Span`, the newest first, at most so many; one query each."""
    if source not in _sources:
        _sources.append(source)


def observed_within(begins_at: datetime.datetime, ends_at: datetime.datetime, *, limit: int = 1000) -> list[Observed]:
    """What all sources saw in [begins_at, ends_at), newest first, whoever may see the anime."""
    span = Span(begins_at, ends_at)
    found = [seen for source in _sources for seen in source(span, limit)]
    found.sort(key=lambda seen: (-seen.at.timestamp(), seen.anime_id, seen.site))
    return found[:limit]
