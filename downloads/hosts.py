"""How the hosts of streams are reached: one policy for all of downloads, one network that tests and benchmarks may replace."""

from core.egress import Network, Policy
from downloads.configuration.store import configuration

MAX_FILE_BYTES = 64 * 1024**3
"""The largest single file or segment that is read."""
MAX_SECONDS = 24 * 3600.0
SLOWEST = 1024
"""Bytes a second on average; a host that sends less is given up (`egress_timeout`)."""

_network = Network()


def network_set(other: Network) -> Network:
    """Reach hosts through `other` from now on; gives back the former one. For tests and benchmarks."""
    global _network
    former, _network = _network, other
    return former


def stream_policy() -> Policy:
    """The rules of every request for a stream: hosts that the operator allowed, public addresses, caps.

    An allowed host may name a port ("cdn.example.org:8443"); without one it is 80 and 443.
    """
    named = [host.partition(":") for host in configuration().allowed_hosts]
    ports = {80, 443} | {int(port) for _host, _colon, port in named if port}
    return Policy(
        hosts=tuple(host for host, _colon, _port in named),
        ports=tuple(sorted(ports)),
        max_bytes=MAX_FILE_BYTES,
        total_seconds=MAX_SECONDS,
        idle_seconds=20.0,
        min_bytes_per_second=SLOWEST,
        rates=(),
        max_wait=20.0,
        network=_network,
    )
