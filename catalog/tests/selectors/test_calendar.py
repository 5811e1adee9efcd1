"""When a rule's broadcasts are: the local hour stays across daylight saving, numbers follow the weeks."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import BroadcastRule
from catalog.selectors.calendar import Window, midnight, occurrences

UTC = datetime.UTC


def rule(first: datetime.datetime, zone: str = "America/New_York", **fields: object) -> BroadcastRule:
    return BroadcastRule(first_at=first, timezone=zone, **fields)


def test_the_local_hour_stays_when_the_clocks_change() -> None:
    first = datetime.datetime(2024, 3, 3, 23, 0, tzinfo=ZoneInfo("America/New_York"))
    found = list(occurrences(rule(first), first.astimezone(UTC), datetime.datetime(2024, 3, 20, tzinfo=UTC)))
    assert [(number, instant.hour) for number, instant in found] == [(1, 4), (2, 3), (3, 3)]
    assert {instant.astimezone(ZoneInfo("America/New_York")).hour for _n, instant in found} == {23}


def test_an_hour_that_does_not_exist_is_an_instant_all_the_same() -> None:
    first = datetime.datetime(2024, 3, 3, 2, 30, tzinfo=ZoneInfo("America/New_York"))
    (found,) = occurrences(
        rule(first), datetime.datetime(2024, 3, 10, tzinfo=UTC), datetime.datetime(2024, 3, 11, tzinfo=UTC)
    )
    assert found == (2, datetime.datetime(2024, 3, 10, 7, 30, tzinfo=UTC))


def test_the_end_and_the_first_number_count() -> None:
    first = datetime.datetime(2024, 1, 1, 12, tzinfo=UTC)
    bounded = rule(first, "UTC", ends_at=first + datetime.timedelta(days=14), first_episode=13)
    found = list(occurrences(bounded, first, first + datetime.timedelta(days=60)))
    assert [number for number, _instant in found] == [13, 14, 15]


def test_a_rule_that_does_not_repeat_happens_once() -> None:
    first = datetime.datetime(2024, 1, 1, 12, tzinfo=UTC)
    assert len(list(occurrences(rule(first, "UTC", period_days=0), first, first + datetime.timedelta(days=60)))) == 1


@given(
    st.integers(0, 4000), st.integers(1, 31), st.sampled_from(["UTC", "Asia/Tokyo", "America/St_Johns", "Pacific/Apia"]),
    st.integers(0, 23), st.sampled_from([1, 7, 14, 28]),
)  # fmt: skip
def test_no_broadcast_of_a_window_is_missed(offset: int, days: int, zone: str, hour: int, period: int) -> None:
    first = datetime.datetime(2015, 1, 1, hour, 30, tzinfo=ZoneInfo(zone))
    begin = datetime.datetime(2015, 1, 1, tzinfo=UTC) + datetime.timedelta(days=offset)
    end = begin + datetime.timedelta(days=days)
    weekly = rule(first.astimezone(UTC), zone, period_days=period)
    local = first.replace(tzinfo=None)
    slow = [
        (number + 1, instant)
        for number in range(4100 // period + 2)
        if begin
        <= (instant := (local + datetime.timedelta(days=number * period)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)) < end
    ]  # fmt: skip
    assert list(occurrences(weekly, begin, end)) == slow


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Africa/Cairo", "Europe/Berlin"])
def test_days_follow_each_other_without_gap(zone: str) -> None:
    here = ZoneInfo(zone)
    for day in (datetime.date(2018, 11, 4), datetime.date(2024, 4, 26), datetime.date(2024, 10, 27)):
        window, following = Window(day, 1, here), Window(day + datetime.timedelta(days=1), 1, here)
        assert window.ends_at == following.begins_at == midnight(following.start, here)
        assert datetime.timedelta(hours=22) < window.ends_at - window.begins_at < datetime.timedelta(hours=26)
