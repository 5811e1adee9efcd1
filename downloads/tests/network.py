"""Every name leads to this machine: what tests, walks and benchmarks reach streams through."""

from core.egress import Network


class HereNetwork(Network):
    """Resolves all names to 127.0.0.1 and allows that; give it to `downloads.hosts.network_set`."""

    def resolve(self, host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    def address_allowed(self, address: str) -> bool:
        return address == "127.0.0.1"
