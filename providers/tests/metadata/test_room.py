"""The sweep leaves room: whoever asks while it goes on has an answer in seconds, not when its minute is over."""

import heapq

import pytest
from django.utils import timezone

from catalog.tests.factories import AnimeFactory
from core.egress import Rate
from core.egress.pacing import turn_taken
from providers.metadata.asking import TRAVEL_SECONDS, interval_own, rates_roomy
from providers.metadata.clients import client_of
from providers.metadata.jikan import Jikan
from providers.metadata.registry import client_classes
from providers.models import Provider
from providers.services.refresh import RUN_SECONDS, anime_ids_due, anime_refresh
from providers.tests.metadata.conftest import Clock
from providers.tests.standin import StandIn

JIKAN_RATES = (Rate(3, 1), Rate(60, 60))
PUBLISHED = {name: client.rates for name, client in client_classes().items()}
LONGEST = 5.0


@pytest.fixture
def jikan(stand_in: StandIn, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Of the services only Jikan is on, with its own limits."""
    monkeypatch.setattr(Jikan, "rates", JIKAN_RATES)
    Provider.objects.exclude(name="jikan").update(is_enabled=False)
    Provider.objects.filter(name="jikan").update(interval_seconds=interval_own(JIKAN_RATES))
    return stand_in


def longest_wait(clock: Clock, host: str, *, sweeping: tuple[Rate, ...], asking: tuple[Rate, ...]) -> float:
    """The most seconds that one of a person's requests waited, a burst of four every half minute for four minutes, while a
    sweep asks without end and is the quicker one whenever both wake at once.
    """
    began = clock.time()
    people = [(began + 20 + 30 * burst, 1 + 4 * burst + number) for burst in range(8) for number in range(4)]
    arrived = {number: at for at, number in people}
    callers = [(began, 0), *people]
    waited = dict.fromkeys(arrived, 0.0)
    while clock.time() < began + 270:
        at, number = heapq.heappop(callers)
        clock.sleep(max(0.0, at - clock.time()))
        wait = turn_taken(host, asking if number else sweeping)
        if number:
            waited[number] = clock.time() - arrived[number]
        if wait or not number:
            heapq.heappush(callers, (clock.time() + wait, number))
    return max(waited.values())


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_who_asks_during_a_sweep_waits_for_seconds(clock: Clock, name: str) -> None:
    rates = tuple(Rate(rate.times, rate.seconds + TRAVEL_SECONDS) for rate in PUBLISHED[name])
    assert longest_wait(clock, f"{name}.example.org", sweeping=rates_roomy(rates), asking=rates) <= LONGEST


def test_without_room_the_wait_is_long(clock: Clock) -> None:
    assert longest_wait(clock, "jikan.example.org", sweeping=JIKAN_RATES, asking=JIKAN_RATES) > 30


def test_a_sweep_asks_evenly_and_is_not_slower_than_it_must_be(jikan: StandIn, clock: Clock) -> None:
    some = [AnimeFactory(mal_id=70_000 + number, document=True).pk for number in range(30)]
    began = clock.time()
    assert anime_refresh(anime_ids=some, started_at=timezone.now()).counts["asked"] == 30
    spent = clock.time() - began
    assert 29 * 1.5 <= spent <= 29 * 1.6
    client_of("jikan").anime("101")
    assert clock.time() - began - spent <= 1.0
    assert len(jikan.log) == 31


def test_a_service_without_limits_or_slowed_down_by_its_row() -> None:
    assert rates_roomy(()) == ()
    assert rates_roomy((Rate(3, 1.0), Rate(1, 5.0)))[2:] == (Rate(1, 7.5),)


@pytest.mark.usefixtures("jikan")
def test_a_run_takes_on_no_more_than_it_can_ask_in_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.services.refresh.RUN_SECONDS", 6)
    for number in range(6):
        AnimeFactory(mal_id=70_000 + number, document=True)
    assert len(anime_ids_due()) == 4
    assert RUN_SECONDS * 2 / 3 == 1800
