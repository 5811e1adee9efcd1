"""A rate is exact: no span of its seconds sees more turns than it has, and a steady stream gets all of them."""

import heapq
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.egress import EgressPaced, Policy, Rate
from core.egress.network import Budget
from core.egress.pacing import BEAT_SECONDS, pause_noted, turn_awaited, turn_taken
from core.tests.egress.clocks import Clock, clock_stopped

HOST = "api.example.org"


@pytest.fixture
def clock() -> Iterator[Clock]:
    with clock_stopped() as clock:
        yield clock


def turns_taken(clock: Clock, arrivals: list[float], *rates: Rate) -> list[float]:
    """When each of these callers, who come at these seconds and ask again when they are told to, got its turn."""
    began, times = clock.slept, []
    callers = [(began + at, number) for number, at in enumerate(arrivals)]
    heapq.heapify(callers)
    while callers:
        at, number = heapq.heappop(callers)
        clock.slept = max(clock.slept, at)
        if wait := turn_taken(HOST, rates):
            heapq.heappush(callers, (clock.slept + wait, number))
        else:
            times.append(clock.slept - began)
    return times


def closest(times: list[float], count: int) -> float:
    """The shortest span from one of the times to the one `count` places later."""
    return min((later - sooner for sooner, later in zip(times, times[count:], strict=False)), default=float("inf"))


RATES = st.builds(Rate, st.integers(1, 6), st.floats(0.05, 90))


@hypothesis_settings(max_examples=40)
@given(
    rates=st.lists(RATES, min_size=1, max_size=3),
    gaps=st.lists(st.one_of(st.just(0.0), st.floats(0, 2), st.floats(0, 100)), min_size=1, max_size=40),
)
def test_no_span_sees_more_turns_than_a_rate_has(rates: list[Rate], gaps: list[float]) -> None:
    arrivals = [sum(gaps[: place + 1]) for place in range(len(gaps))]
    with clock_stopped() as clock:
        times = turns_taken(clock, arrivals, *rates)

    assert len(times) == len(gaps)
    assert all(closest(times, rate.times) >= rate.seconds for rate in rates)


@hypothesis_settings(max_examples=25)
@given(rate=RATES, count=st.integers(1, 40))
def test_who_always_asks_gets_all_of_a_rate(rate: Rate, count: int) -> None:
    with clock_stopped() as clock:
        times = turns_taken(clock, [0.0] * count, rate)

    assert times[-1] <= (count - 1) // rate.times * (rate.seconds + min(0.01, rate.seconds / 20) + 0.002)


@pytest.mark.parametrize("late", [0.0, 0.3, 0.99])
def test_a_burst_at_the_border_of_two_spans_is_none(clock: Clock, late: float) -> None:
    clock.sleep(late)
    times = turns_taken(clock, [0.0] * 12, Rate(3, 1))

    assert closest(times, 3) >= 1
    assert times[-1] <= 3.04


def test_sixty_a_minute_are_never_ninety(clock: Clock) -> None:
    times = turns_taken(clock, [0.0] + [45.0] * 40 + [61.0] * 100, Rate(60, 60))

    assert closest(times, 60) >= 60
    assert len(times) == 141


def test_the_wait_is_told_and_a_steady_stream_keeps_its_distance(clock: Clock) -> None:
    rate = Rate(1, 2)
    times = []
    for _request in range(20):
        turn_awaited(HOST, Policy(hosts=("*",), rates=(rate,)), Budget(total_seconds=30, idle_seconds=1))
        times.append(clock.slept)

    assert all(2.0 <= later - sooner < 2.03 for sooner, later in pairwise(times))
    assert turn_taken(HOST, (rate,)) == pytest.approx(2.01, abs=0.001)


def test_a_wait_is_no_longer_than_the_policy_and_the_deadline_allow(clock: Clock) -> None:
    assert turn_taken(HOST, (Rate(1, 20),)) == 0
    for max_wait, total in ((5.0, 60.0), (60.0, 5.0)):
        policy = Policy(hosts=("*",), rates=(Rate(1, 20),), max_wait=max_wait)
        with pytest.raises(EgressPaced) as caught:
            turn_awaited(HOST, policy, Budget(total_seconds=total, idle_seconds=1))
        assert caught.value.retry_after == pytest.approx(20.01, abs=0.01)

    assert clock.slept == 0


def test_a_wait_that_does_not_count_gives_beats_and_leaves_the_time_of_the_request(clock: Clock) -> None:
    pause_noted(HOST, 40)
    beats: list[float] = []
    policy = Policy(hosts=("*",), max_wait=60, is_wait_counted=False, beat=lambda: beats.append(clock.slept))
    budget = Budget(total_seconds=10, idle_seconds=1)
    turn_awaited(HOST, policy, budget)

    assert beats == [0.0, BEAT_SECONDS, 2 * BEAT_SECONDS]
    assert clock.slept == pytest.approx(40, abs=0.01)
    assert budget.remaining() == pytest.approx(10)


def test_the_hops_of_a_call_share_its_wait(clock: Clock) -> None:
    policy, budget = Policy(hosts=("*",), rates=(Rate(1, 3),), max_wait=5), Budget(total_seconds=60, idle_seconds=1)
    turn_awaited(HOST, policy, budget)
    turn_awaited(HOST, policy, budget)
    with pytest.raises(EgressPaced):
        turn_awaited(HOST, policy, budget)


def test_a_turn_that_one_rate_refuses_is_not_taken_from_the_other() -> None:
    long, short = Rate(4, 600), Rate(1, 600)
    assert turn_taken(HOST, (short, long)) == 0
    assert all(turn_taken(HOST, (short, long)) > 0 for _refused in range(10))

    assert [turn_taken(HOST, (long,)) for _turn in range(3)] == [0, 0, 0]
    assert turn_taken(HOST, (long,)) > 0


def test_every_host_has_turns_of_its_own() -> None:
    rate = (Rate(1, 600),)

    assert turn_taken(HOST, rate) == turn_taken("other.example.org", rate) == 0
    assert turn_taken(HOST, rate) > 0


def test_no_limit_is_no_wait() -> None:
    assert [turn_taken(HOST, ()) for _turn in range(100)] == [0.0] * 100


def test_callers_at_once_get_as_many_turns_as_there_are() -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _number: turn_taken(HOST, (Rate(5, 600), Rate(9, 900))), range(60)))

    assert waits.count(0.0) == 5


@pytest.mark.parametrize("back", [0.5, 5.0, 3600.0])
def test_a_clock_that_is_set_back_neither_frees_turns_nor_keeps_them_for_long(clock: Clock, back: float) -> None:
    rate = (Rate(2, 10),)
    assert [turn_taken(HOST, rate) for _turn in range(2)] == [0, 0]
    clock.sleep(1)
    clock.set_back = back
    wait = turn_taken(HOST, rate)

    assert 9 < wait < 10.1
    clock.sleep(wait / 2)
    assert turn_taken(HOST, rate) == pytest.approx(wait / 2)
    clock.sleep(wait / 2 + 0.001)
    assert [turn_taken(HOST, rate) for _turn in range(2)] == [0, 0]
    assert turn_taken(HOST, rate) > 9


def test_a_cache_that_lost_everything_begins_anew(clock: Clock) -> None:
    rate = (Rate(1, 600),)
    assert turn_taken(HOST, rate) == 0
    cache.clear()

    assert turn_taken(HOST, rate) == 0
    assert turn_taken(HOST, rate) > 600


def test_an_entry_whose_writer_died_counts(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    rate = (Rate(2, 10),)
    with monkeypatch.context() as patch:
        patch.setattr(type(cache._connections["default"]), "set_many", lambda *_given, **_named: [])
        assert [turn_taken(HOST, rate) for _turn in range(2)] == [0, 0]

    assert turn_taken(HOST, rate) > 9
    clock.sleep(10.02)
    assert turn_taken(HOST, rate) == 0


def test_a_value_written_late_gives_no_turn_away(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    rate, backend = (Rate(3, 10),), type(cache._connections["default"])
    late: list[Any] = []
    with monkeypatch.context() as patch:
        patch.setattr(backend, "set_many", lambda _self, data, **named: late.append((data, named)) or [])
        assert turn_taken(HOST, rate) == 0
    assert [turn_taken(HOST, rate) for _turn in range(2)] == [0, 0]
    cache.set_many(late[0][0], **late[0][1])

    assert turn_taken(HOST, rate) > 9


def test_a_turn_costs_three_questions_to_the_cache_and_a_refusal_one(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend, asked = type(cache._connections["default"]), list[str]()
    for name in ("get_many", "add", "set_many"):
        real = getattr(backend, name)
        monkeypatch.setattr(
            backend, name, lambda *given, _name=name, _real=real, **named: asked.append(_name) or _real(*given, **named)
        )
    assert turn_taken(HOST, (Rate(1, 5),)) == 0
    assert asked == ["get_many", "add", "set_many"]
    assert turn_taken(HOST, (Rate(1, 5),)) > 0
    assert asked[3:] == ["get_many"]


PROCESS = """
import sys
from django.conf import settings
settings.configure(CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": sys.argv[1]}})
from core.egress import Rate
from core.egress.pacing import turn_taken
taken = 0
for number in range(100):
    taken += sum(turn_taken(f"{number}.example.org", (Rate(5, 600), Rate(9, 900))) == 0 for _try in range(5))
print(taken)
"""


@pytest.mark.redis
def test_processes_that_share_redis_share_the_rates() -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", PROCESS, settings.REDIS_URL], stdout=subprocess.PIPE, text=True)
        for _process in range(3)
    ]
    outputs = [process.communicate(timeout=60)[0] for process in running]

    assert [process.returncode for process in running] == [0, 0, 0]
    assert sum(int(output) for output in outputs) == 500


def test_a_slow_cache_holds_a_place_from_when_its_caller_goes(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = type(cache._connections["default"])
    real, delays = backend.set_many, [0.4, 0.3, 0.0]

    def slow(self: Any, *given: Any, **named: Any) -> Any:
        clock.sleep(delays.pop(0) if delays else 0.0)
        return real(self, *given, **named)

    monkeypatch.setattr(backend, "set_many", slow)
    assert turn_taken(HOST, (Rate(1, 10),)) == 0

    assert turn_taken(HOST, (Rate(1, 10),)) == pytest.approx(10.01, abs=0.001)


def test_who_is_held_up_for_long_gets_no_turn(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = type(cache._connections["default"])
    real = backend.add

    def slow(self: Any, *given: Any, **named: Any) -> Any:
        clock.sleep(3)
        return real(self, *given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(backend, "add", slow)
        assert turn_taken(HOST, (Rate(1, 10),)) > 0
    assert turn_taken(HOST, (Rate(1, 10),)) == pytest.approx(7, abs=0.2)
