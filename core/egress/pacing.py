"""How often a host is asked: our own rate and the host's `Retry-After`, kept in the cache that all processes share."""

import time
from datetime import UTC
from email.utils import parsedate_to_datetime

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from core.egress.errors import EgressPaced
from core.egress.network import Budget
from core.egress.policy import Policy, Rate
from core.egress.state import key, whole
from core.egress.turns import FRESH_SECONDS, SHORTEST_WAIT, Journal, journal_name

# A host that asks for more than an hour gets an hour: its next answer will say so again.
MAX_PAUSE = 3600.0
# A 429 that does not say for how long.
DEFAULT_PAUSE = 10.0
# The longest sleep between two beats.
BEAT_SECONDS = 15.0
# A slow cache: so often a journal is written again because writing it took longer than it foresaw.
_WRITES = 3


def turn_awaited(host: str, policy: Policy, budget: Budget) -> None:
    """Take a turn in every rate of the policy, when the host does not want to be left alone.

    Sleeps up to `max_wait` seconds in all hops of a call; raises `EgressPaced` as soon as the turn would come later.
    """
    while (wait := turn_taken(host, policy.rates)) > 0:
        _slept(wait, policy, budget)


def turn_taken(host: str, rates: tuple[Rate, ...]) -> float:
    """0 when the call may go now, entered in the journal of every rate; else the seconds after which to ask again."""
    began, pause = time.monotonic(), key(host, "pause")
    # The shortest first: a place taken there is lost for the shortest time should the next rate's last one just be gone.
    named = {journal_name(host, rate): rate for rate in sorted(rates, key=lambda rate: rate.seconds)}
    kept = cache.get_many([pause, *named])
    if (left := float(kept.get(pause, 0.0)) - time.time()) > 0:
        return left
    journals = [Journal.read(name, rate, kept.get(name)) for name, rate in named.items()]
    wait = max((journal.wait() for journal in journals), default=0.0)
    for journal in journals:
        wait = wait or journal.enter()
    changed = [journal for journal in journals if journal.is_changed]
    for _write in range(_WRITES if changed else 0):
        # Whoever was held up for long knows too little by now: no turn for him, and the next caller finds the record.
        if time.monotonic() - began > FRESH_SECONDS:
            return wait or SHORTEST_WAIT
        kept_now = {journal.name: journal.kept for journal in changed}
        cache.set_many(kept_now, timeout=max(journal.lifetime for journal in changed))
        if wait or not [journal for journal in changed if journal.delay()]:
            break
    return wait


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


def _slept(wait: float, policy: Policy, budget: Budget) -> None:
    began = time.monotonic()
    is_past_deadline = policy.is_wait_counted and began + wait > budget.deadline
    if is_past_deadline or budget.waited + wait > policy.max_wait:
        raise EgressPaced(_("The host is being left alone for a while."), retry_after=wait)
    while wait > 0:
        if policy.beat is not None:
            policy.beat()
        time.sleep(min(wait, BEAT_SECONDS))
        wait -= BEAT_SECONDS
    slept = time.monotonic() - began
    budget.waited += slept
    if not policy.is_wait_counted:
        budget.deadline += slept
