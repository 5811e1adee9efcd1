"""Turns are exact: as many as a rate has, each for its whole time, whoever takes them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.egress import Rate
from providers.metadata.pace import turn_taken
from providers.tests.metadata.conftest import Clock

HOST = "api.example.org"


def test_callers_at_once_get_as_many_turns_as_there_are() -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _number: turn_taken(HOST, (Rate(5, 600),)), range(40)))

    assert waits.count(0.0) == 5
    assert all(wait > 0 for wait in waits if wait)


def test_a_turn_that_one_rate_refuses_is_not_taken_from_the_other() -> None:
    long, short = Rate(4, 600), Rate(1, 600)
    assert turn_taken(HOST, (short, long)) == 0
    for _refused in range(10):
        assert turn_taken(HOST, (short, long)) > 0

    assert [turn_taken(HOST, (long,)) for _turn in range(3)] == [0, 0, 0]
    assert turn_taken(HOST, (long,)) > 0


def test_every_host_has_turns_of_its_own() -> None:
    rate = (Rate(1, 600),)

    assert turn_taken(HOST, rate) == 0
    assert turn_taken("other.example.org", rate) == 0
    assert turn_taken(HOST, rate) > 0


@pytest.mark.parametrize("late", [0.0, 0.3, 0.99])
def test_a_burst_at_the_border_of_two_spans_is_none(clock: Clock, late: float) -> None:
    clock.sleep(late)
    times = []
    while len(times) < 12:
        if wait := turn_taken(HOST, (Rate(3, 1),)):
            clock.sleep(wait)
        else:
            times.append(clock.time())

    assert all(times[place + 3] - times[place] > 1 for place in range(9))
    assert times[11] - times[0] <= 6.2


def test_the_wait_is_told(clock: Clock) -> None:
    assert turn_taken(HOST, (Rate(2, 60),)) == 0
    clock.sleep(20)
    assert turn_taken(HOST, (Rate(2, 60),)) == 0

    assert turn_taken(HOST, (Rate(2, 60),)) == pytest.approx(41, abs=0.1)


def test_no_limit_is_no_wait() -> None:
    assert [turn_taken(HOST, ()) for _turn in range(100)] == [0.0] * 100
