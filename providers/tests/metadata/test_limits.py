"""No service is asked more often than it allows, nor while it wants to be left alone; the operator may only slow it down."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from core.egress import EgressPaced, Rate
from providers.metadata.asking import interval_own
from providers.metadata.clients import client_of
from providers.metadata.jikan import Jikan
from providers.metadata.patience import DEFAULT, patience, waiting_at_most
from providers.metadata.registry import client_classes
from providers.models import Provider
from providers.services.providers import providers_register
from providers.tests.metadata.conftest import Clock
from providers.tests.standin import StandIn

JIKAN_RATES = (Rate(3, 1), Rate(60, 60))


def jikan_many(clock: Clock, count: int) -> list[float]:
    """When each of so many unknown ids was answered, in seconds from the first."""
    times = []
    with waiting_at_most(75):
        for number in range(count):
            client_of("jikan").anime(str(10_000 + number))
            times.append(clock.time())
    return [at - times[0] for at in times]


def most_within(times: list[float], seconds: float) -> int:
    """The most of the times that lie within any span so long."""
    return max(sum(1 for at in times if start <= at < start + seconds) for start in times)


@pytest.mark.usefixtures("stand_in")
def test_jikan_is_asked_three_times_a_second_and_sixty_times_a_minute(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Jikan, "rates", JIKAN_RATES)
    Provider.objects.filter(name="jikan").update(interval_seconds=interval_own(JIKAN_RATES))
    times = jikan_many(clock, 150)

    assert most_within(times, 0.999) <= 3
    assert most_within(times, 59.9) <= 60
    # Not slower than it must be: a burst, then sixty a minute.
    assert times[59] <= 40
    assert times[149] <= 40 + 2 * 61


@pytest.mark.usefixtures("stand_in")
def test_the_row_slows_a_service_down(clock: Clock) -> None:
    Provider.objects.filter(name="jikan").update(interval_seconds=5.0)
    times = jikan_many(clock, 10)

    assert times[9] <= 9 * 5.1
    assert all(later - earlier >= 5.0 for earlier, later in pairwise(times))


@pytest.mark.usefixtures("stand_in")
def test_the_row_never_speeds_a_service_up(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jikan, "rates", (Rate(1, 2),))
    Provider.objects.filter(name="jikan").update(interval_seconds=0.1)
    times = jikan_many(clock, 6)

    assert all(later - earlier >= 2.0 for earlier, later in pairwise(times))


@pytest.mark.django_db
def test_a_new_row_does_not_slow_its_service_down() -> None:
    Provider.objects.all().delete()
    providers_register()

    rows = {row.name: row for row in Provider.objects.filter(name__in=client_classes())}
    assert {name: row.interval_seconds for name, row in rows.items()} == {
        "anilist": 2.0,
        "jikan": 0.334,
        "kitsu": 0.5,
        "shikimori": 0.2,
    }
    assert not any(row.is_enabled for row in rows.values())


def test_the_published_limits() -> None:
    rates = {name: client.rates for name, client in client_classes().items()}

    assert rates["jikan"] == (Rate(3, 1), Rate(60, 60))
    assert rates["anilist"] == (Rate(30, 60),)
    assert rates["shikimori"] == (Rate(5, 1), Rate(90, 60))


def test_a_storm_is_sat_out(stand_in: StandIn, clock: Clock, aged: Callable[[float], int]) -> None:
    client_of("jikan").anime("101")
    aged(25)
    stand_in.fault("storm", retry_after=120)
    answers = [client_of("jikan").anime("101") for _try in range(5)]
    with pytest.raises(EgressPaced):
        client_of("jikan").anime("102")

    assert {(answer.is_stale, answer.error_code) for answer in answers} == {(True, "egress_rate_limited")}
    assert [asked.status for asked in stand_in.log] == [200, 429]
    stand_in.heal()
    clock.sleep(121)
    assert not client_of("jikan").anime("101").is_stale
    assert [asked.status for asked in stand_in.log] == [200, 429, 304]


def test_a_job_waits_out_a_short_pause(stand_in: StandIn, clock: Clock) -> None:
    stand_in.fault("storm", times=1, retry_after=60)
    with pytest.raises(EgressPaced):
        client_of("jikan").anime("101")
    began, beats = clock.time(), []
    with waiting_at_most(75, beat=lambda: beats.append(clock.time())):
        found = client_of("jikan").anime("101")

    assert found.record is not None
    assert 59 <= clock.time() - began < 62
    assert all(later - earlier <= 20.1 for earlier, later in pairwise([began, *beats, clock.time()]))


def test_a_person_does_not_wait(stand_in: StandIn, clock: Clock) -> None:
    stand_in.fault("storm", times=1, retry_after=30)
    with pytest.raises(EgressPaced):
        client_of("jikan").anime("101")
    began = clock.time()
    with waiting_at_most(2), pytest.raises(EgressPaced) as caught:
        client_of("jikan").anime("101")

    assert clock.time() == began
    assert 29 <= (caught.value.retry_after or 0) <= 30
    assert len(stand_in.log) == 1


def test_a_cancelled_job_stops_waiting(stand_in: StandIn, clock: Clock) -> None:
    stand_in.fault("storm", times=1, retry_after=60)
    with pytest.raises(EgressPaced):
        client_of("jikan").anime("101")

    def cancelled() -> None:
        raise KeyError("cancelled")

    with waiting_at_most(75, beat=cancelled), pytest.raises(KeyError):
        client_of("jikan").anime("101")

    assert clock.slept <= 20
    assert len(stand_in.log) == 1


def test_patience_is_of_the_block_alone() -> None:
    with waiting_at_most(2):
        assert patience().seconds == 2
    assert patience() == DEFAULT
