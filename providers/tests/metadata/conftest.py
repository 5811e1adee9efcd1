"""What tests of metadata clients stand on: a stand-in on this machine, rows that lead to it, a clock that nobody waits for."""

import datetime
from collections.abc import Callable, Iterator

import pytest
from django.db.models import F

from core.tests.egress.clocks import Clock, clock_stopped
from providers.fetching.network import network_set
from providers.metadata import flights
from providers.metadata.registry import client_classes
from providers.models import MetadataSnapshot, Provider, ProviderRole
from providers.tests.standin import LocalNetwork, StandIn, standing_in


@pytest.fixture
def stand_in(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A stand-in with the invented records; all four clients are on, ask it, and may do so as often as they like."""
    former = network_set(LocalNetwork())
    with standing_in() as server:
        for name, client in client_classes().items():
            monkeypatch.setattr(client, "rates", ())
            values = {"role": ProviderRole.METADATA, "base_url": server.base_urls[name], "is_enabled": True}
            Provider.objects.update_or_create(
                name=name, defaults={**values, "adapter": name, "interval_seconds": 0.1, "timeout_seconds": 5}
            )
        yield server
    network_set(former)


@pytest.fixture
def aged() -> Callable[[float], int]:
    """Makes every kept answer so many hours older."""

    def make(hours: float) -> int:
        span = datetime.timedelta(hours=hours)
        return MetadataSnapshot.objects.update(fetched_at=F("fetched_at") - span, checked_at=F("checked_at") - span)

    return make


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Whatever waits in egress and in the clients waits by this clock; so does the cache, which is this process's own."""
    with clock_stopped(flights) as clock:
        yield clock
