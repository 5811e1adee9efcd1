"""The circuit breaker: a host that keeps failing is left alone, then tried by one call at a time."""

import time
from dataclasses import dataclass
from uuid import uuid4

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from core.egress.errors import EgressUnavailable
from core.egress.policy import Policy
from core.egress.state import counted, key, whole

MAX_COOLDOWN = 900.0
# How long a host that failed stays under suspicion (one probe at a time) without any call.
_MEMORY = 3600.0


@dataclass(frozen=True, slots=True)
class Admission:
    """Leave to ask a host. Exactly one of `succeeded`, `failed`, `released` is called when the outcome is known."""

    host: str
    policy: Policy
    probe: str = ""

    def succeeded(self) -> None:
        """The host answered properly: forget its failures, close the breaker if this was the probe."""
        cache.delete(key(self.host, "failures"))
        if self.probe:
            cache.delete_many([key(self.host, "level"), key(self.host, "open")])
            self.released()

    def failed(self) -> None:
        """The host failed: count it; open the breaker at the policy's limit, or again and for longer after a probe."""
        if self.probe:
            level = int(cache.get(key(self.host, "level")) or 1) + 1
            self._open(level)
            self.released()
        elif counted(key(self.host, "failures"), seconds=self.policy.breaker_window) >= self.policy.breaker_failures:
            self._open(1)

    def released(self) -> None:
        """The outcome says nothing about the host (refused by our own rules): let another call probe."""
        if self.probe and cache.get(key(self.host, "probe")) == self.probe:
            cache.delete(key(self.host, "probe"))

    def _open(self, level: int) -> None:
        cooldown = min(self.policy.breaker_cooldown * 2 ** min(level - 1, 10), MAX_COOLDOWN)
        cache.set(key(self.host, "level"), level, timeout=whole(_MEMORY))
        cache.set(key(self.host, "open"), time.time() + cooldown, timeout=whole(cooldown))
        cache.delete(key(self.host, "failures"))


@dataclass(frozen=True, slots=True)
class HostState:
    """How a host is treated now: `state` is closed (asked), probing (one call at a time) or open (left alone). `seconds_left`
    until it is asked again, for the breaker or because the host asked to wait; 0 when it may be asked now.
    """

    state: str
    seconds_left: float


def host_state(host: str) -> HostState:
    """What the shared cache remembers of a host (with its port, as in an address); for people who look after it."""
    now = time.time()
    left = float(cache.get(key(host, "open")) or 0.0) - now
    paused = float(cache.get(key(host, "pause")) or 0.0) - now
    if left > 0:
        return HostState("open", max(left, paused))
    is_suspect = cache.get(key(host, "level")) is not None
    return HostState("probing" if is_suspect else "closed", max(0.0, paused))


def host_forgive(host: str) -> None:
    """Ask the host again at once: forget its failures and its pauses. For an operator who knows that it is back."""
    cache.delete_many([key(host, name) for name in ("open", "level", "failures", "pause")])


def admitted(host: str, policy: Policy) -> Admission:
    """Leave to ask the host; raises `EgressUnavailable` with `retry_after` while its breaker is open or being probed."""
    left = float(cache.get(key(host, "open")) or 0.0) - time.time()
    if left > 0:
        raise EgressUnavailable(_("The host failed repeatedly and is left alone."), retry_after=left)
    if cache.get(key(host, "level")) is None:
        return Admission(host, policy)
    probe = uuid4().hex
    if not cache.add(key(host, "probe"), probe, timeout=whole(policy.longest_seconds + 5)):
        raise EgressUnavailable(_("The host is being tried by another call."), retry_after=1.0)
    return Admission(host, policy, probe)
