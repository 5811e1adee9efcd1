"""How often a host is asked: our own rate and the host's `Retry-After`, kept in the cache that all processes share."""

import time
from datetime import UTC
from email.utils import parsedate_to_datetime

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from core.egress.errors import EgressPaced
from core.egress.network import Budget
from core.egress.policy import Policy, Rate
from core.egress.state import counted, key, whole

# A host that asks for more than an hour gets an hour: its next answer will say so again.
MAX_PAUSE = 3600.0
# A 429 that does not say for how long.
DEFAULT_PAUSE = 10.0


def turn_awaited(host: str, policy: Policy, budget: Budget) -> None:
    """Take a place in every rate of the policy, sleeping up to `max_wait` seconds; raises `EgressPaced` past that."""
    patience = time.monotonic() + policy.max_wait
    _slept(host, pause_left(host), patience, budget)
    for rate in policy.rates:
        while (wait := _place_taken(host, rate)) > 0:
            _slept(host, wait, patience, budget)


def pause_left(host: str) -> float:
    """Seconds until the host wants to be asked again; 0 when it does not mind."""
    return max(0.0, float(cache.get(key(host, "pause")) or 0.0) - time.time())


def pause_noted(host: str, seconds: float) -> None:
    """Leave the host alone for so many seconds (at most an hour); a longer pause already noted stays."""
    seconds = min(seconds, MAX_PAUSE)
    if seconds > pause_left(host):
        cache.set(key(host, "pause"), time.time() + seconds, timeout=whole(seconds + 1))


def retry_after_read(value: str | None) -> float | None:
    """Seconds from a `Retry-After` header (a number or a date); None when absent or unreadable."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), MAX_PAUSE)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max(0.0, when.timestamp() - time.time()), MAX_PAUSE)


def _slept(host: str, wait: float, patience: float, budget: Budget) -> None:
    if wait <= 0:
        return
    if time.monotonic() + wait > min(patience, budget.deadline):
        raise EgressPaced(_("The host is being left alone for a while."), retry_after=wait)
    time.sleep(wait)


def _place_taken(host: str, rate: Rate) -> float:
    """0 when this call may go now, else the seconds after which to ask again.

    Two fixed windows, the older one weighted by how much of it still lies within the last `seconds`: no burst of
    twice the rate at the border of two windows.
    """
    now = time.time()
    window = int(now // rate.seconds)
    passed = now / rate.seconds - window
    mine = key(host, f"rate:{rate.times}:{rate.seconds}:{window}")
    before = int(cache.get(key(host, f"rate:{rate.times}:{rate.seconds}:{window - 1}")) or 0)
    count = counted(mine, seconds=rate.seconds * 2 + 1)
    if before * (1 - passed) + count <= rate.times:
        return 0.0
    counted(mine, seconds=rate.seconds * 2 + 1, by=-1)
    return max(0.01, min(rate.seconds / rate.times, rate.seconds * (1 - passed) + 0.001))
