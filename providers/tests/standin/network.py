"""The network that reaches a stand-in: this machine's loopback address, nothing else that is private."""

from core.egress import Network


class LocalNetwork(Network):
    """Allows 127.0.0.1; give it to `providers.fetching.network.network_set`."""

    def address_allowed(self, address: str) -> bool:
        return address == "127.0.0.1" or super().address_allowed(address)
