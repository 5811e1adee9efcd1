"""Television of Tokyo as people elsewhere see it: across their changes of clocks, late at night, on their own days."""

import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importing.calendar import TOKYO, clock_of, first_broadcast
from catalog.models import BroadcastRule
from catalog.selectors.calendar import Window, occurrences

UTC = datetime.UTC
WEEK = datetime.timedelta(days=7)
ELSEWHERE = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]


def weekly(first: datetime.datetime) -> BroadcastRule:
    return BroadcastRule(first_at=first, timezone="Asia/Tokyo", first_episode=1)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(ELSEWHERE), st.integers(0, 360), st.integers(0, 23), st.sampled_from([0, 29, 30, 59]))
def test_a_weekly_rule_of_tokyo_never_moves_in_tokyo(zone: str, day: int, hour: int, minute: int) -> None:
    """Over a year that changes clocks elsewhere twice: 168 hours apart, one a week, the local time is what the zone says."""
    first = datetime.datetime(2024, 1, 1, hour, minute, tzinfo=TOKYO) + datetime.timedelta(days=day)
    window = Window(first.astimezone(ZoneInfo(zone)).date(), 7 * 53, ZoneInfo(zone))
    found = list(occurrences(weekly(first), window.begins_at, window.ends_at))
    assert [number for number, _at in found] == list(range(1, len(found) + 1))
    assert len(found) in (52, 53, 54)
    assert {(at.astimezone(TOKYO).hour, at.astimezone(TOKYO).minute) for _n, at in found} == {(hour, minute)}
    assert all(later - earlier == WEEK for (_, earlier), (_, later) in pairwise(found))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(ELSEWHERE), st.integers(0, 400), st.integers(0, 23))
def test_days_of_the_viewer_hold_each_broadcast_once(zone: str, begin: int, hour: int) -> None:
    """Day by day through the changes of clocks: nothing twice, nothing lost, whatever the length of the day."""
    rule = weekly(datetime.datetime(2024, 1, 1, hour, 30, tzinfo=TOKYO))
    start = datetime.date(2024, 1, 1) + datetime.timedelta(days=begin)
    whole = Window(start, 28, ZoneInfo(zone))
    days = [Window(start + datetime.timedelta(days=n), 1, ZoneInfo(zone)) for n in range(28)]
    by_day = [(one.start, item) for one in days for item in occurrences(rule, one.begins_at, one.ends_at)]
    assert [item for _day, item in by_day] == list(occurrences(rule, whole.begins_at, whole.ends_at))
    assert all(at.astimezone(ZoneInfo(zone)).date() == day for day, (_number, at) in by_day)


@pytest.mark.parametrize(
    ("zone", "tokyo", "local"),
    [
        ("America/New_York", "2024-03-10", ["03-09 10:30", "03-16 11:30"]),
        ("America/New_York", "2024-10-27", ["10-26 11:30", "11-02 11:30", "11-09 10:30"]),
        ("Europe/Berlin", "2024-03-31", ["03-30 16:30", "04-06 17:30"]),
        ("Australia/Lord_Howe", "2024-03-31", ["03-31 02:30", "04-07 02:00"]),  # half an hour, and back in April
        ("Australia/Lord_Howe", "2024-09-29", ["09-29 02:00", "10-06 02:30"]),
    ],
)
def test_the_clock_elsewhere_moves_and_the_broadcast_does_not(zone: str, tokyo: str, local: list[str]) -> None:
    """00:30 in Tokyo every week, as the clock on the wall elsewhere shows it."""
    first = datetime.datetime.combine(datetime.date.fromisoformat(tokyo), datetime.time(0, 30), tzinfo=TOKYO)
    begin = first.astimezone(UTC)
    found = occurrences(weekly(first), begin, begin + len(local) * WEEK)
    assert [f"{at.astimezone(ZoneInfo(zone)):%m-%d %H:%M}" for _number, at in found] == local


def test_half_past_twenty_five_is_the_next_morning() -> None:
    """ "Sundays at 25:30" is Monday 01:30 in Tokyo, and still Sunday in New York and Berlin."""
    clock = clock_of("25:30")
    assert clock == (25, 30)
    at = first_broadcast(datetime.date(2024, 4, 7), 6, clock, TOKYO)
    assert at.astimezone(TOKYO) == datetime.datetime(2024, 4, 8, 1, 30, tzinfo=TOKYO)
    assert [f"{at.astimezone(ZoneInfo(zone)):%a %H:%M}" for zone in ELSEWHERE] == [
        "Sun 12:30",
        "Sun 18:30",
        "Mon 03:00",
    ]


def test_a_start_date_on_the_monday_is_the_same_late_night() -> None:
    assert first_broadcast(datetime.date(2024, 4, 8), 6, (25, 30), TOKYO) == first_broadcast(
        datetime.date(2024, 4, 7), 6, (25, 30), TOKYO
    )


@pytest.mark.parametrize("text", ["30:00", "25:60", "-1:30", "٢٥:٣٠", "25", "", ":"])
def test_what_is_no_time_of_a_programme_table_is_none(text: str) -> None:
    assert clock_of(text) is None


def test_the_day_of_an_episode_is_the_viewers() -> None:
    """00:30 on Tuesday in Tokyo is Monday for everybody west of it."""
    rule = weekly(datetime.datetime(2024, 7, 2, 0, 30, tzinfo=TOKYO))
    for zone, day in [("Asia/Tokyo", 2), ("Europe/Berlin", 1), ("America/New_York", 1), ("Australia/Lord_Howe", 2)]:
        window = Window(datetime.date(2024, 7, day), 1, ZoneInfo(zone))
        assert [number for number, _at in occurrences(rule, window.begins_at, window.ends_at)] == [1], zone
