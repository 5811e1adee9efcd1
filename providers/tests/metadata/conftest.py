"""What tests of metadata clients stand on: a stand-in on this machine, rows that lead to it, a clock that nobody waits for."""

import datetime
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends import base, locmem
from django.db.models import F

from core.egress import breaker, exchange, network, pacing
from providers.fetching.network import network_set
from providers.metadata import flights, pace
from providers.metadata.registry import client_classes
from providers.models import MetadataSnapshot, Provider, ProviderRole
from providers.tests.standin import LocalNetwork, StandIn, standing_in

TIMED: tuple[ModuleType, ...] = (breaker, exchange, network, pacing, flights, pace, base, locmem)


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


class Clock:
    """Stands still but for those who sleep: they are where they wanted to be at once. `slept` is what they asked for."""

    def __init__(self) -> None:
        self._began, self._began_monotonic = time.time(), time.monotonic()
        self.slept = 0.0

    def time(self) -> float:
        return self._began + self.slept

    def monotonic(self) -> float:
        return self._began_monotonic + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Clock]:
    """Whatever waits in egress and in the clients waits by this clock; so does the cache, which is this process's own."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "clock"}}
    made: Any = Clock()
    for module in TIMED:
        monkeypatch.setattr(module, "time", made)
    yield made
    cache.clear()
