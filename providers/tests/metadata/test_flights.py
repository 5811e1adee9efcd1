"""Who wants what another one is just asking for waits for that answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections

from core.egress import EgressError, EgressPaced
from providers.metadata.client import Metadata
from providers.metadata.clients import client_of
from providers.metadata.flights import flight
from providers.metadata.patience import waiting_at_most
from providers.models import MetadataSnapshot
from providers.tests.metadata.conftest import Clock
from providers.tests.standin import StandIn


def at_once(count: int, external_id: str) -> list[Metadata | EgressError]:
    """What so many callers get who ask at the same moment."""
    ready = threading.Barrier(count)

    def ask(_number: int) -> Any:
        try:
            ready.wait()
            return client_of("jikan").anime(external_id, is_fresh=True)
        except EgressError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(ask, range(count)))


@pytest.mark.django_db(transaction=True)
def test_callers_at_once_ask_once(stand_in: StandIn) -> None:
    stand_in.fault("slow", seconds=0.3)
    answers = at_once(4, "101")

    assert len(stand_in.log) == 1
    assert all(isinstance(answer, Metadata) and answer.record is not None for answer in answers)
    assert MetadataSnapshot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_callers_at_once_share_a_failure_too(stand_in: StandIn) -> None:
    client_of("jikan").anime("101")
    stand_in.fault("error", times=1)
    stand_in.fault("slow", seconds=0.3)
    answers = at_once(3, "101")

    assert all(isinstance(answer, Metadata) and answer.record is not None for answer in answers)
    assert {answer.error_code for answer in answers if isinstance(answer, Metadata)} <= {"egress_unavailable", ""}


def test_another_id_is_not_waited_for(stand_in: StandIn) -> None:
    with flight("jikan:101", seconds=60):
        assert client_of("jikan").anime("102").record is not None


def test_an_asker_who_never_ends_is_waited_for_only_so_long(stand_in: StandIn, clock: Clock) -> None:
    cache.set("metadata:flight:jikan:101", "dead", timeout=60)
    with waiting_at_most(10), pytest.raises(EgressPaced):
        client_of("jikan").anime("101")

    assert 10 <= clock.slept < 11
    assert stand_in.paths() == []


def test_waiting_for_another_gives_beats(stand_in: StandIn, clock: Clock) -> None:
    cache.set("metadata:flight:jikan:101", "dead", timeout=600)
    beats: list[float] = []
    with waiting_at_most(70, beat=lambda: beats.append(clock.time())), pytest.raises(EgressPaced):
        client_of("jikan").anime("101")

    assert len(beats) == 3
    assert stand_in.paths() == []


def test_a_flight_that_was_lost_is_not_ended_for_its_heir() -> None:
    with flight("x", seconds=60) as is_first:
        assert is_first
        cache.set("metadata:flight:x", "another")

    assert cache.get("metadata:flight:x") == "another"
