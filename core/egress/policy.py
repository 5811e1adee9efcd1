"""What one kind of outgoing request may do: hosts, ports, sizes, times, pace."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.egress.errors import EgressRefused
from core.egress.network import Network
from core.egress.urls import Target

ANY_PUBLIC_HOST = "*"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `times` requests to one host in any span of `seconds`, over all policies with this rate and all processes that
    share the cache (as far as the clocks of their machines agree). A steady stream gets all of it, but for at most ten
    milliseconds a span.
    """

    times: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules for a kind of request. Sizes in bytes, times in seconds.

    hosts: `api.example.org` is that host alone, `.example.org` is it and everything below, `ANY_PUBLIC_HOST` is any host
        with a public address (for links that people or providers give). The operator's `EGRESS_ALLOWED_HOSTS` adds to
        every policy, `EGRESS_DENIED_HOSTS` takes away from every policy.
    max_bytes: cap of the body as sent and again as decompressed. `max_header_bytes` caps the headers.
    total_seconds: from the call to the last byte, redirects included, and waiting for a turn if `is_wait_counted`.
    idle_seconds: longest pause between bytes. `connect_seconds`: name look-up, then connection, then TLS, each.
    min_bytes_per_second: slowest average accepted once ten seconds of the body have passed; 0 accepts any.
    rates: the pace per host. `max_wait` is how long a call sleeps for its turns (rates or the host's `Retry-After`): it
        gives up with `EgressPaced` as soon as it would be longer. `beat` is called at least every 15 seconds of that sleep;
        what it raises ends the call. Without `is_wait_counted` the sleep does not use up `total_seconds`.
    breaker_failures: so many failures in a row within `breaker_window` open the host's breaker for `breaker_cooldown`,
        doubled at each failed probe up to 15 minutes.
    obeys_robots: ask the host's robots.txt first (cached for a day).
    network: how names are resolved and which addresses may be reached. Only tests give another one.
    """

    hosts: tuple[str, ...]
    schemes: tuple[str, ...] = ("https", "http")
    ports: tuple[int, ...] = (80, 443)
    max_bytes: int = 8 * 1024 * 1024
    max_header_bytes: int = 32 * 1024
    max_request_bytes: int = 1024 * 1024
    total_seconds: float = 30.0
    connect_seconds: float = 5.0
    idle_seconds: float = 10.0
    min_bytes_per_second: int = 0
    max_redirects: int = 4
    rates: tuple[Rate, ...] = (Rate(10, 1.0),)
    max_wait: float = 5.0
    is_wait_counted: bool = True
    beat: Callable[[], object] | None = None
    breaker_failures: int = 5
    breaker_window: float = 60.0
    breaker_cooldown: float = 30.0
    obeys_robots: bool = False
    network: Network = field(default_factory=Network)

    @property
    def longest_seconds(self) -> float:
        """What a call takes at most, its waiting included."""
        return self.total_seconds + (0.0 if self.is_wait_counted else self.max_wait)

    def check(self, target: Target) -> None:
        """Raise `EgressRefused` unless scheme, port and host are within the policy and the operator's settings."""
        if not settings.EGRESS_ENABLED:
            raise EgressRefused(_("The operator has switched outgoing requests off."))
        if target.scheme not in self.schemes:
            raise EgressRefused(_("This scheme is not allowed here."))
        if target.port not in self.ports:
            raise EgressRefused(_("This port is not allowed here."))
        if _host_matches(target.host, settings.EGRESS_DENIED_HOSTS):
            raise EgressRefused(_("The operator does not allow this host."))
        if not _host_matches(target.host, (*self.hosts, *settings.EGRESS_ALLOWED_HOSTS)):
            raise EgressRefused(_("This host is not on the list of allowed hosts."))


def _host_matches(host: str, patterns: tuple[str, ...] | list[str]) -> bool:
    for pattern in patterns:
        wanted = pattern.lower().removesuffix(".")
        if wanted == ANY_PUBLIC_HOST or host == wanted.removeprefix("."):
            return True
        if wanted.startswith(".") and host.endswith(wanted):
            return True
    return False
