"""What is to come, by date, and what became watchable lately."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Min
from django.utils import timezone

from catalog.importing.calendar import TOKYO
from catalog.models import Anime, AnimeStatus, EpisodeKind, EpisodeSource, SourceHealth
from catalog.selectors.anime import cards_of
from catalog.selectors.observed import Observed, observed_within
from core.generation_memo import GenerationMemo

LOOK_BACK = 2000
"""So many of the newest sources are looked at: about as much as a month brings."""
OBSERVED_DAYS = 30


@dataclass(frozen=True, slots=True)
class Upcoming:
    """An anime that has not begun. `starts_at` (UTC) is its first broadcast, None while no time is known."""

    anime_id: int
    card: bytes
    starts_on: datetime.date | None
    starts_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Updated:
    """The newest episode of an anime. `at` (UTC) is when it was seen, None where only its place among others is known.

    `kinds` are the translations (sub, dub, raw) that it plays in here; an episode that does not play here has `site`.
    """

    anime_id: int
    card: bytes
    episode: int | None
    at: datetime.datetime | None
    kinds: tuple[str, ...]
    is_playable: bool
    site: str


@dataclass(frozen=True, slots=True)
class _News:
    anime_id: int
    episode: int | None
    kinds: tuple[str, ...] = ()
    seen: Observed | None = None
    is_playable: bool = False


_sources_memo: GenerationMemo[list[_News]] = GenerationMemo(size=1)


def anime_upcoming(*, adult: bool = False, shows_hidden: bool = False) -> list[Upcoming]:
    """Everything that is announced: by its day, then what has only a year, then the rest by followers. Two queries.

    A day that has passed in Tokyo while nothing began (a wish, or a year written as its first day) is no day.
    """
    rows = Anime.objects.listed(shows_hidden=shows_hidden).filter(status=AnimeStatus.UPCOMING)
    if not adult:
        rows = rows.filter(is_adult=False)
    found = rows.annotate(first=Min("broadcasts__first_at")).order_by("-popularity", "pk")
    now = timezone.now()
    today = now.astimezone(TOKYO).date()
    known = [
        (day if day and day >= today else None, year if year and year >= today.year else None, pk, first)
        for pk, day, year, first in found.values_list("pk", "start_date", "year", "first")
    ]
    known.sort(key=lambda row: (row[0] or datetime.date.max, row[1] or datetime.MAXYEAR))
    cards = cards_of([pk for _day, _year, pk, _first in known])
    return [
        Upcoming(pk, cards[pk], day, first if first and first >= now else None)
        for day, _year, pk, first in known
        if pk in cards
    ]


def anime_updated(*, adult: bool = False, shows_hidden: bool = False) -> list[Updated]:
    """Each anime that has a new episode to watch or was seen with one elsewhere, newest first. At most three queries.

    Sources have an order but no time: one that was not seen elsewhere stands where its neighbours do.
    """
    now = timezone.now()
    seen = observed_within(now - datetime.timedelta(days=OBSERVED_DAYS), now, limit=500)
    news = _merged(_sources_memo.get("newest", _newest_sources), seen, now)
    cards = cards_of([one.anime_id for one in news], hidden=shows_hidden, adult=adult)
    return [
        Updated(
            one.anime_id,
            cards[one.anime_id],
            one.episode,
            one.seen.at if one.seen else None,
            one.kinds,
            one.is_playable,
            one.seen.site if one.seen and not one.is_playable else "",
        )
        for one in news
        if one.anime_id in cards
    ]


def _newest_sources() -> list[_News]:
    """The episode that each of the newest sources plays, an anime once, newest first."""
    rows = (
        EpisodeSource.objects.filter(is_enabled=True, episode__kind=EpisodeKind.REGULAR)
        .exclude(health=SourceHealth.DEAD)
        .order_by("-pk")
        .values_list("episode__anime_id", "episode__number", "translation__kind")
    )
    newest: dict[int, int] = {}
    kinds: dict[int, set[str]] = {}
    for anime_id, number, kind in rows[:LOOK_BACK]:
        if newest.setdefault(anime_id, number) == number and kind:
            kinds.setdefault(anime_id, set()).add(kind)
    return [
        _News(pk, number, tuple(sorted(kinds.get(pk, ()), reverse=True)), is_playable=True)
        for pk, number in newest.items()
    ]


def _merged(playable: Iterable[_News], observed: Iterable[Observed], now: datetime.datetime) -> list[_News]:
    """Both by time, an anime once; what plays here keeps its own order."""
    first_seen: dict[int, Observed] = {}
    for seen in observed:
        first_seen.setdefault(seen.anime_id, seen)
    placed: list[tuple[datetime.datetime, _News]] = []
    moment = now
    for one in playable:
        seen_too = first_seen.pop(one.anime_id, None)
        moment = min(moment, seen_too.at) if seen_too else moment
        placed.append((moment, _News(one.anime_id, one.episode, one.kinds, seen_too, is_playable=True)))
    placed += [(seen.at, _News(seen.anime_id, seen.episode, seen=seen)) for seen in first_seen.values()]
    placed.sort(key=lambda item: item[0], reverse=True)
    return [one for _moment, one in placed]
