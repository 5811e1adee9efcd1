"""How providers' hosts are reached: one object for every policy of this app, so that a stand-in on this machine can be asked
in tests and benchmarks (nothing else replaces it).
"""

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
