"""A provider on this machine for tests: pages by path on a loopback server, asked as any provider is."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.tests.egress.servers import Handler, LoopbackNetwork, Server, answer, serving
from providers.fetching.network import network_set
from providers.models import Provider
from providers.tests.factories import ProviderFactory

__all__ = ["LoopbackNetwork", "Site", "answer", "loopback", "provider_site", "serving"]


@dataclass
class Site:
    """What the stand-in says: a handler by path (with query); all else is 404. `asked` are the paths in order, robots.txt
    left out, `heads` whole requests.
    """

    pages: dict[str, Handler]
    server: Server | None = None
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.port}"

    def handle(self, connection: socket.socket, head: bytes) -> None:
        path = head.split()[1].decode()
        if path != "/robots.txt":
            self.asked.append(path)
            self.heads.append(head.decode("latin-1"))
        self.pages.get(path, answer(b"nothing here", status="404 Not Found"))(connection, head)


@contextmanager
def loopback(**given: Any) -> Iterator[LoopbackNetwork]:
    """Every policy of this app reaches 127.0.0.1, and what `LoopbackNetwork` is given, inside of the block."""
    network = LoopbackNetwork(**given)
    former = network_set(network)
    try:
        yield network
    finally:
        network_set(former)


@contextmanager
def provider_site(pages: Mapping[str, Handler | bytes | str], **fields: Any) -> Iterator[tuple[Provider, Site]]:
    """A provider row (`fields` as the factory takes them) whose pages a server of this machine gives; needs the database.

    Texts and bytes are pages of UTF-8 HTML. Hardly any pause lies between two requests.
    """
    html = {"Content-Type": "text/html; charset=utf-8"}
    site = Site(
        {
            path: answer(page.encode() if isinstance(page, str) else page, headers=html)
            if isinstance(page, str | bytes)
            else page
            for path, page in pages.items()
        }
    )
    with serving(site.handle) as server, loopback():
        site.server = server
        row: Provider = ProviderFactory(**{"base_url": site.base_url, "interval_seconds": 0.002, **fields})
        yield row, site
