"""How providers' hosts are reached: one object for every policy of this app, so that a stand-in on this machine can be asked
in tests and benchmarks (nothing else replaces it).
"""

import ssl
import time

from core.egress import Network

_network = Network()


def network() -> Network:
    """The network of every policy that this app makes."""
    return _network


def network_set(other: Network) -> Network:
    """Reach hosts through `other` from now on; gives back the former one. For tests and benchmarks."""
    global _network
    former, _network = _network, other
    return former


class TimedNetwork(Network):
    """Another network, and when its last connection began: how long a host took is told without the wait for our turn.

    `has_refused`: an address was not allowed.
    """

    def __init__(self, inner: Network) -> None:
        self._inner = inner
        self._began: float | None = None
        self.has_refused = False

    @property
    def milliseconds(self) -> int:
        """Since the last connection began, redirects before it left out; 0 when there was none."""
        return 0 if self._began is None else int((time.monotonic() - self._began) * 1000)

    def resolve(self, host: str, port: int) -> list[str]:
        return self._inner.resolve(host, port)

    def address_allowed(self, address: str) -> bool:
        self._began = time.monotonic()
        is_allowed = self._inner.address_allowed(address)
        self.has_refused = self.has_refused or not is_allowed
        return is_allowed

    def tls_context(self) -> ssl.SSLContext:
        return self._inner.tls_context()
