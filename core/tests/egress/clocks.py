"""A clock that nobody waits for: who sleeps by it is where he wanted to be at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.cache.backends import base, locmem
from django.test import override_settings

from core.egress import breaker, exchange, network, pacing, turns

TIMED: tuple[ModuleType, ...] = (breaker, exchange, network, pacing, turns, base, locmem)


class Clock:
    """Stands still but for those who sleep. `slept` is what they asked for; `set_back` is how far the time of day was moved."""

    def __init__(self) -> None:
        self._began, self._began_monotonic = time.time(), time.monotonic()
        self.slept = 0.0
        self.set_back = 0.0

    def time(self) -> float:
        return self._began + self.slept - self.set_back

    def monotonic(self) -> float:
        return self._began_monotonic + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


@contextmanager
def clock_stopped(*modules: ModuleType) -> Iterator[Clock]:
    """Whatever waits in egress and in `modules` waits by this clock; so does the cache, which is this block's own."""
    made: Any = Clock()
    place = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": uuid4().hex}
    with pytest.MonkeyPatch.context() as patch, override_settings(CACHES={"default": place}):
        for module in (*TIMED, *modules):
            patch.setattr(module, "time", made)
        yield made
        cache.clear()
