"""Turns to ask a service: no span of time ever sees more of them than the service allows, whatever process takes them.

`core.egress` paces by weighted windows, which now and then lets half as many again through within one span. Published limits
are kept exactly here: a limit of 60 a minute is 60 places in the shared cache, each of which is taken for a minute.
"""

import math
import time

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from core.egress import EgressPaced, Rate, host_state
from core.egress.state import key
from providers.metadata.patience import patience

_SLICE_SECONDS = 15.0
_SHORTEST_WAIT = 0.02


def turn_awaited(host: str, rates: tuple[Rate, ...]) -> None:
    """Take a turn in every rate, waiting as long as `patience` allows, also while the host wants to be left alone.

    Raises `EgressPaced` as soon as the turn would come too late. A host whose breaker is open takes no turns: the request
    fails without being sent.
    """
    given = patience()
    until = time.monotonic() + given.seconds
    while (state := host_state(host)).state != "open":
        wait = state.seconds_left or turn_taken(host, rates)
        if wait <= 0:
            return
        if time.monotonic() + wait > until:
            raise EgressPaced(_("The host is being left alone for a while."), retry_after=wait)
        while wait > 0:
            if given.beat is not None:
                given.beat()
            time.sleep(min(wait, _SLICE_SECONDS))
            wait -= _SLICE_SECONDS


def turn_taken(host: str, rates: tuple[Rate, ...]) -> float:
    """0 when a place in every rate is taken now, else none is and the seconds until one may be free."""
    taken: list[str] = []
    for rate in sorted(rates, key=lambda rate: rate.seconds, reverse=True):
        if wait := _place_taken(host, rate, taken):
            cache.delete_many(taken)
            return wait
    return 0.0


def _place_taken(host: str, rate: Rate, taken: list[str]) -> float:
    # Whole seconds for Redis; one more, so that requests that travel for different times do not arrive too close.
    hold = math.ceil(rate.seconds) + (1 if rate.times > 1 else 0)
    places = [key(host, f"turn:{rate.times}:{rate.seconds}:{number}") for number in range(rate.times)]
    held, now = cache.get_many(places), time.time()
    for place in places:
        if place not in held and cache.add(place, now + hold, timeout=hold):
            taken.append(place)
            return 0.0
    return min(hold, max(_SHORTEST_WAIT, min(held.values(), default=now) - now))
