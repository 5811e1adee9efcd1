"""Dates of a broadcast: seasons of the year, the first Saturday 01:00 in Tokyo, the last one."""

import datetime
from zoneinfo import ZoneInfo

from catalog.models import SeasonName

TOKYO = ZoneInfo("Asia/Tokyo")
WEEK = datetime.timedelta(days=7)
_SEASONS = (SeasonName.WINTER, SeasonName.SPRING, SeasonName.SUMMER, SeasonName.FALL)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def season_of(day: datetime.date) -> str:
    """Winter begins in January, spring in April, summer in July, autumn in October."""
    return _SEASONS[(day.month - 1) // 3].value


def weekday_of(name: str) -> int | None:
    """0 for "Monday" or "Mondays" to 6 for Sunday, None for anything else."""
    name = name.strip().lower().removesuffix("s")
    return _WEEKDAYS.index(name) if name in _WEEKDAYS else None


def clock_of(text: str) -> tuple[int, int] | None:
    """Hour and minute of "23:30"; the hour may run to 29, as Japanese programme tables count past midnight."""
    hour, _, minute = text.partition(":")
    if not (hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()):
        return None
    found = int(hour), int(minute)
    return found if found[0] <= 29 and found[1] <= 59 else None


def first_broadcast(start: datetime.date, weekday: int, clock: tuple[int, int], zone: ZoneInfo) -> datetime.datetime:
    """The first broadcast at that weekday and local time on or after `start`, in UTC.

    A start on the day after that weekday is read as a late-night broadcast of the evening before.
    """
    days = (weekday - start.weekday()) % 7
    day = start + datetime.timedelta(days=-1 if days == 6 else days)
    midnight = datetime.datetime.combine(day, datetime.time(), tzinfo=zone)
    return (midnight + datetime.timedelta(hours=clock[0], minutes=clock[1])).astimezone(datetime.UTC)


def last_broadcast(
    first: datetime.datetime, end: datetime.date, period: datetime.timedelta = WEEK
) -> datetime.datetime:
    """The broadcast nearest to the day `end`, never before the first."""
    span = datetime.datetime.combine(end, datetime.time(12), tzinfo=datetime.UTC) - first
    return first + period * max(0, round(span / period))
