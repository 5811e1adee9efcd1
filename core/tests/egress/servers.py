"""Loopback servers that behave badly on purpose, and the network that lets tests reach them."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from core.egress import Network, Policy, Rate

Handler = Callable[[socket.socket, bytes], None]


class LoopbackNetwork(Network):
    """Resolves given names to given addresses (one list per look-up; the last one repeats) and allows listed addresses."""

    def __init__(
        self,
        names: dict[str, list[list[str]]] | None = None,
        allowed: set[str] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.names = names or {}
        self.allowed = {"127.0.0.1"} if allowed is None else allowed
        self.context = context
        self.lookups: list[str] = []

    def resolve(self, host: str, port: int) -> list[str]:
        self.lookups.append(host)
        answers = self.names.get(host)
        if not answers:
            raise socket.gaierror(f"no address for {host}")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def address_allowed(self, address: str) -> bool:
        return address in self.allowed or super().address_allowed(address)

    def tls_context(self) -> ssl.SSLContext:
        return self.context or super().tls_context()


class Server:
    """Counts connections and remembers the head of each request."""

    def __init__(self, handler: Handler, address: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> None:
        self.hits = 0
        self.requests: list[bytes] = []
        self._handler = handler
        self._context = context
        self._listener = socket.create_server((address, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            self.hits += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        try:
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(4096)
                if not piece:
                    return
                head += piece
            self.requests.append(head)
            self._handler(connection, head)
        except OSError:
            pass
        finally:
            connection.close()

    def close(self) -> None:
        self._listener.close()


@contextmanager
def serving(handler: Handler, address: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(handler, address, context)
    try:
        yield server
    finally:
        server.close()


def answer(body: bytes = b"hello", *, status: str = "200 OK", headers: dict[str, str] | None = None) -> Handler:
    """A handler that sends one well-formed answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *(f"{k}: {v}" for k, v in (headers or {}).items())]

    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if head.startswith(b"HEAD") else body))

    return handle


def policy_for(*servers: Server, network: Network | None = None, **changes: Any) -> Policy:
    """A policy that reaches these servers (and, for tests of refusal, lists every host)."""
    values: dict[str, Any] = {
        "hosts": ("*",),
        "ports": tuple(server.port for server in servers),
        "network": network or LoopbackNetwork(),
        "rates": (Rate(1000, 1.0),),
        "total_seconds": 5.0,
    }
    return Policy(**{**values, **changes})
