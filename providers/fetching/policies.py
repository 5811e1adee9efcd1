"""What requests to a provider may do: its hosts, its pace, its time, sizes that pages have."""

from core.egress import Policy, Rate
from core.egress.errors import EgressRefused
from core.egress.urls import url_read
from providers.fetching.network import network
from providers.models import Provider

PAGE_BYTES = 4 * 1024 * 1024
"""The largest page that is read, as sent and as decompressed."""
MAX_REDIRECTS = 4
LONGEST_REQUEST = 55.0
"""Seconds that a request takes at most, its wait included: less than the lease of the job that makes it."""
_LONGEST_WAIT = 30.0


def policy_of(provider: Provider, *, hosts: tuple[str, ...] = ()) -> Policy:
    """The rules of a provider's pages, or of `hosts` at its pace and time (`ANY_PUBLIC_HOST` for pictures).

    One request per `interval_seconds` over all processes; a call waits up to a few of these for its turn.
    """
    wait = min(_LONGEST_WAIT, max(5.0, 5 * provider.interval_seconds))
    return Policy(
        hosts=hosts or hosts_of(provider),
        ports=_ports_of(provider),
        max_bytes=PAGE_BYTES,
        rates=(Rate(1, provider.interval_seconds),),
        max_wait=wait,
        total_seconds=min(LONGEST_REQUEST, provider.timeout_seconds + wait),
        idle_seconds=min(provider.timeout_seconds, 10.0),
        max_redirects=MAX_REDIRECTS,
        obeys_robots=True,
        network=network(),
    )


def hosts_of(provider: Provider) -> tuple[str, ...]:
    """The hosts that are this provider: its base address's, the same with or without "www.", and `options["hosts"]`."""
    try:
        host = url_read(provider.base_url).host
    except EgressRefused:
        return ()
    twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    more = provider.options.get("hosts") if isinstance(provider.options, dict) else None
    named = [name for name in more if isinstance(name, str)] if isinstance(more, list) else []
    return host, twin, *(name for name in named if name.strip("*. "))


def _ports_of(provider: Provider) -> tuple[int, ...]:
    try:
        return tuple({80, 443, url_read(provider.base_url).port})
    except EgressRefused:
        return (80, 443)
