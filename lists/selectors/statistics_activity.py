"""On which days somebody watched: the heat-map of a year and the streaks, in the viewer's time zone."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from lists.access import SeenList
from lists.models import WatchedEpisode
from lists.selectors.statistics_rows import EntryRow

DAYS_SHOWN = 365
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ActiveDay:
    """What happened on one local day."""

    date: datetime.date
    episodes: int
    finished: int

    @property
    def weight(self) -> int:
        return self.episodes + self.finished


@dataclass(frozen=True, slots=True)
class Activity:
    """The days of the last 365 on which something happened, oldest first; streaks in days, over all time.

    `current_streak` counts back from today, or from yesterday while today is still empty.
    """

    first: datetime.date
    last: datetime.date
    days: list[ActiveDay]
    active_days: int
    current_streak: int
    longest_streak: int


def watched_seen(found: SeenList) -> QuerySet[WatchedEpisode]:
    """The owner's watched episodes that the viewer may know of: strangers only those of entries they see, without what was
    seen while they were private.
    """
    rows = WatchedEpisode.objects.filter(user=found.owner, undone_at=None)
    if found.is_own:
        return rows
    return rows.filter(was_public=True, anime_id__in=found.entries.order_by().values("anime_id"))


def episodes_by_day(watched: QuerySet[WatchedEpisode], zone: ZoneInfo) -> Counter[datetime.date]:
    """{local day: episodes}; one query. Days are told apart here: SQLite needs twice as long for it."""
    return Counter(moment.astimezone(zone).date() for moment in watched.values_list("watched_at", flat=True))


def finishes_by_day(rows: Iterable[EntryRow]) -> Counter[datetime.date]:
    """{day: entries that were finished on it}, of those whose whole date is known."""
    return Counter(
        datetime.date.fromisoformat(row.finished_on)
        for row in rows
        if row.is_finished and _DAY.fullmatch(row.finished_on)
    )


def activity_of(found: SeenList, rows: Iterable[EntryRow], zone: ZoneInfo) -> Activity:
    """One query. Days to come (dates people typed) do not count."""
    today = timezone.now().astimezone(zone).date()
    first = today - datetime.timedelta(days=DAYS_SHOWN - 1)
    episodes, finished = episodes_by_day(watched_seen(found), zone), finishes_by_day(rows)
    active = sorted(day for day in episodes.keys() | finished.keys() if day <= today)
    days = [ActiveDay(day, episodes[day], finished[day]) for day in active if day >= first]
    return Activity(first, today, days, len(active), current_streak(active, today), longest_streak(active))


def longest_streak(days: Iterable[datetime.date]) -> int:
    """The most days in a row among sorted `days`."""
    longest = length = 0
    before: datetime.date | None = None
    for day in days:
        length = length + 1 if before is not None and (day - before).days == 1 else 1
        longest, before = max(longest, length), day
    return longest


def current_streak(days: list[datetime.date], today: datetime.date) -> int:
    """How many days in a row up to today; yesterday's streak goes on until today is over."""
    there = set(days)
    day = today if today in there else today - datetime.timedelta(days=1)
    length = 0
    while day in there:
        length, day = length + 1, day - datetime.timedelta(days=1)
    return length


def in_days(name: str, first: datetime.date, end: datetime.date, zone: ZoneInfo) -> Q:
    """Column `name` (an instant) within the local days [first, end)."""
    begin, until = (datetime.datetime.combine(day, datetime.time.min, tzinfo=zone) for day in (first, end))
    return Q(**{f"{name}__gte": begin, f"{name}__lt": until})
