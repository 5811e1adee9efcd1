"""What airs when: the weekly calendar, from broadcast rules and, where there are none, from the episodes' dates and from
what was seen to be released.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from catalog.importing.precedence import STUB
from catalog.models import Anime, AnimeDocument, AnimeStatus, BroadcastRule, Episode, EpisodeKind, Visibility
from catalog.selectors.anime import cards_of
from catalog.selectors.observed import observed_within

MAX_DAYS = 31
_AROUND = datetime.timedelta(days=8)
"""What is offered elsewhere follows a broadcast within days: that is the same episode, on another day of the calendar."""
_RUNNING = (AnimeStatus.AIRING, AnimeStatus.UPCOMING, AnimeStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Window:
    """Local days `start` to `start + days`, the last one out, in a time zone."""

    start: datetime.date
    days: int
    zone: ZoneInfo

    @property
    def end(self) -> datetime.date:
        return self.start + datetime.timedelta(days=self.days)

    @property
    def begins_at(self) -> datetime.datetime:
        return midnight(self.start, self.zone)

    @property
    def ends_at(self) -> datetime.datetime:
        return midnight(self.end, self.zone)


@dataclass(frozen=True, slots=True)
class Airing:
    """One broadcast. `airs_at` is UTC; None when only the day is known. `day` is the local day of the window.

    `is_observed`: nobody announced it, `site` was seen to have it.
    """

    anime_id: int
    episode: int | None
    airs_at: datetime.datetime | None
    day: datetime.date
    site: str
    is_observed: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """Airings by time with the cards (JSON) of their anime."""

    window: Window
    airings: list[Airing]
    cards: dict[int, bytes]

    def by_day(self) -> list[tuple[datetime.date, list[Airing]]]:
        """Every day of the window, empty ones too."""
        found = {day: list(items) for day, items in groupby(self.airings, key=lambda airing: airing.day)}
        days = [self.window.start + datetime.timedelta(days=n) for n in range(self.window.days)]
        return [(day, found.get(day, [])) for day in days]


def midnight(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    """The first instant of a local day, as UTC; days with a missing or doubled midnight have one too."""
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=zone).astimezone(datetime.UTC)


def occurrences(
    rule: BroadcastRule, begin: datetime.datetime, end: datetime.datetime
) -> Iterator[tuple[int, datetime.datetime]]:
    """(episode number, instant in UTC) of a rule's broadcasts in [begin, end). The *local* hour of the rule's zone stays."""
    zone = ZoneInfo(rule.timezone)
    local = rule.first_at.astimezone(zone)
    if rule.period_days < 1:
        numbers: range = range(1)
    else:
        days = (begin.astimezone(zone).date() - local.date()).days
        numbers = range(max(0, days // rule.period_days - 1), max(0, (end - begin).days + days) // rule.period_days + 2)
    for number in numbers:
        wall = local.replace(tzinfo=None) + datetime.timedelta(days=number * rule.period_days)
        instant = wall.replace(tzinfo=zone).astimezone(datetime.UTC)
        if begin <= instant < end and (rule.ends_at is None or instant <= rule.ends_at):
            yield rule.first_episode + number, instant


def calendar(window: Window, *, adult: bool = False, shows_hidden: bool = False) -> Calendar:
    """The broadcasts of a window; each episode once, at its earliest place. Three queries, with one each for what was seen.

    A rule knows better than a date, and a date better than what was seen: the lesser is asked for anime without the better.
    """
    shown = Q(anime__merged_into__isnull=True)
    if not adult:
        shown &= Q(anime__is_adult=False)
    if not shows_hidden:
        shown &= ~Q(anime__visibility=Visibility.HIDDEN) & ~Q(anime__origin=STUB)
    begin, end = window.begins_at, window.ends_at
    rules = (
        BroadcastRule.objects.filter(shown, first_at__lt=end)
        .filter(Q(ends_at__gte=begin) | Q(ends_at__isnull=True, anime__status__in=_RUNNING))
        .select_related("anime")
        .only("first_at", "period_days", "ends_at", "timezone", "first_episode", "site", "anime__episode_count")
    )
    earliest: dict[tuple[int, int], Airing] = {}
    for rule in rules:
        for episode, instant in occurrences(rule, begin, end):
            if rule.anime.episode_count and episode > rule.anime.episode_count:
                break
            day = instant.astimezone(window.zone).date()
            airing = Airing(rule.anime_id, episode, instant, day, rule.site)
            held = earliest.get((rule.anime_id, episode))
            if held is None or (airing.airs_at, airing.site) < (held.airs_at, held.site):
                earliest[rule.anime_id, episode] = airing
    airings = [*earliest.values(), *_dated(window, shown, {pk for pk, _episode in earliest})]
    airings += _observed(window, shown, {airing.anime_id for airing in airings})
    cards = cards_of(list({airing.anime_id for airing in airings}))
    late = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    airings.sort(key=lambda airing: (airing.day, airing.airs_at or late, airing.anime_id, airing.episode or 0))
    return Calendar(window, [airing for airing in airings if airing.anime_id in cards], cards)


def _dated(window: Window, shown: Q, known: set[int]) -> Iterator[Airing]:
    """Episodes whose date falls into the window, of anime without a rule in it."""
    rows = Episode.objects.filter(
        shown, kind=EpisodeKind.REGULAR, aired_on__gte=window.start, aired_on__lt=window.end
    ).values_list("anime_id", "number", "aired_on")
    for anime_id, number, day in rows:
        if anime_id not in known and day is not None:
            yield Airing(anime_id, number, None, day, "")


def _observed(window: Window, shown: Q, known: set[int]) -> list[Airing]:
    """What was seen in the window of anime whose broadcasts are not known around it: each episode when it was first seen."""
    first: dict[tuple[int, int | None], Airing] = {}
    for seen in reversed(observed_within(window.begins_at, window.ends_at)):
        if seen.anime_id not in known:
            day = seen.at.astimezone(window.zone).date()
            airing = Airing(seen.anime_id, seen.episode, seen.at, day, seen.site, is_observed=True)
            first.setdefault((seen.anime_id, seen.episode), airing)
    if not first:
        return []
    around = window.start - _AROUND, window.end + _AROUND
    rules = BroadcastRule.objects.filter(anime=OuterRef("anime")).filter(
        Q(ends_at__isnull=True) | Q(ends_at__gte=window.begins_at - _AROUND)
    )
    dates = Episode.objects.filter(anime=OuterRef("anime"), kind=EpisodeKind.REGULAR, aired_on__range=around)
    rows = AnimeDocument.objects.filter(shown, ~Exists(rules), ~Exists(dates), anime__in={pk for pk, _n in first})
    allowed = set(rows.values_list("anime_id", flat=True))
    return [airing for airing in first.values() if airing.anime_id in allowed]


def next_airing(anime: Anime, now: datetime.datetime) -> tuple[int, datetime.datetime] | None:
    """(episode number, instant) of the next broadcast within a year, None when none is known."""
    found = [
        (instant, episode)
        for rule in BroadcastRule.objects.filter(anime=anime)
        if rule.ends_at is not None or anime.status in _RUNNING
        for episode, instant in occurrences(rule, now, now + datetime.timedelta(days=366))
        if not (anime.episode_count and episode > anime.episode_count)
    ]
    if not found:
        return None
    instant, episode = min(found)
    return episode, instant
