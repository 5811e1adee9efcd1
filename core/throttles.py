"""Atomic rate limits: fixed windows counted in the cache, so that a race cannot slip through (threat 28)."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.core.cache import cache
from django.http import HttpRequest

from core.errors import RateLimited
from core.proxies import client_address, network_of


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in `seconds` for one `scope` and one key (an address, a user, an account).

    `per`: who a request is counted for. `caller`: the account when signed in, else the address; `address`: the address
    even of those who are signed in. All of an IPv6 customer's /64 is one address.
    """

    scope: str
    times: int
    seconds: int
    per: Literal["caller", "address"] = "caller"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a limit; `reset` is in seconds from now."""

    limit: int
    remaining: int
    reset: int
    is_exceeded: bool

    def headers(self) -> dict[str, str]:
        """The `X-RateLimit-*` headers, and `Retry-After` when the limit is exceeded."""
        found = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }
        if self.is_exceeded:
            found["Retry-After"] = str(self.reset)
        return found


def _bucket(limit: Limit, key: str, now: float) -> tuple[str, int]:
    window = int(now // limit.seconds)
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]
    return f"throttle:{limit.scope}:{digest}:{window}", max(1, int((window + 1) * limit.seconds - now) + 1)


def throttle_key(limit: Limit, request: HttpRequest | Any) -> str:
    """Whom this request is counted for; the API and the pages that share a limit share the count."""
    user = getattr(request, "user", None)
    if limit.per == "caller" and user is not None and user.is_authenticated:
        return f"u{user.pk}"
    return f"a{network_of(client_address(request))}"


def throttle_hit(limit: Limit, key: str, *, times: int = 1) -> Allowance:
    """Count one use (or several at once) and say what is left; never raises. `cache.incr` is atomic in memory and in Redis."""
    name, reset = _bucket(limit, key, time.time())
    cache.add(name, 0, timeout=limit.seconds + 5)
    try:
        used = cache.incr(name, times)
    except ValueError:  # evicted between add and incr: count it as the first
        cache.set(name, times, timeout=limit.seconds + 5)
        used = times
    return Allowance(limit.times, max(0, limit.times - used), reset, used > limit.times)


def throttle_check(limit: Limit, key: str) -> Allowance:
    """Count one use; raises `RateLimited` (429 with `Retry-After`) past the limit."""
    allowance = throttle_hit(limit, key)
    if allowance.is_exceeded:
        raise RateLimited(headers=allowance.headers())
    return allowance


class Reserved:
    """A use that was counted in advance, of the window in which it was; `give_back` takes it off, once."""

    def __init__(self, limit: Limit, key: str) -> None:
        """Raises `RateLimited` past the limit, counting nothing: what is refused for that alone takes no use away."""
        self._name = _bucket(limit, key, time.time())[0]
        self.allowance = throttle_hit(limit, key)
        if self.allowance.is_exceeded:
            self.give_back()
            raise RateLimited(headers=self.allowance.headers())

    def give_back(self) -> None:
        """What was counted was not done after all."""
        if self._name:
            with suppress(ValueError):  # the window is over
                cache.decr(self._name)
            self._name = ""
            self.allowance = replace(self.allowance, remaining=min(self.allowance.limit, self.allowance.remaining + 1))


@contextmanager
def throttle_done(limit: Limit, key: str) -> Iterator[Reserved]:
    """Count one use of what the block does, and none when it raises. Counted before, so that many at once are no more than
    the limit; attempts want a wider limit of their own. Raises `RateLimited`.
    """
    reserved = Reserved(limit, key)
    try:
        yield reserved
    except BaseException:
        reserved.give_back()
        raise


def throttle_peek(limit: Limit, key: str) -> Allowance:
    """What is left without counting a use."""
    name, reset = _bucket(limit, key, time.time())
    used = int(cache.get(name) or 0)
    return Allowance(limit.times, max(0, limit.times - used), reset, used >= limit.times)


def throttle_clear(limit: Limit, key: str) -> None:
    """Forget the uses of the current window."""
    cache.delete(_bucket(limit, key, time.time())[0])
