"""Name look-up, checked and pinned addresses, and sockets that cannot outlive their deadline or their byte allowance."""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import certifi
from django.utils.translation import gettext_lazy as _

from core.egress.addresses import address_is_public
from core.egress.errors import EgressRefused, EgressTimeout, EgressTooLarge, EgressUnavailable
from core.egress.urls import Target


class Budget:
    """What one call may still use up: time until `deadline` (monotonic seconds) and `allowance` bytes off the wire.

    `waited` is how many seconds it slept for its turns so far.
    """

    def __init__(self, *, total_seconds: float, idle_seconds: float) -> None:
        self.started = time.monotonic()
        self.deadline = self.started + total_seconds
        self.idle_seconds = idle_seconds
        self.allowance = 0
        self.waited = 0.0

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def remaining(self, at_most: float | None = None) -> float:
        """Seconds left, never more than `at_most`; raises `EgressTimeout` when none is left."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise EgressTimeout(_("The whole request took too long."))
        return left if at_most is None else min(left, at_most)

    def spend(self, count: int) -> None:
        """Count bytes off the wire; raises `EgressTooLarge` past the allowance."""
        self.allowance -= count
        if self.allowance < 0:
            raise EgressTooLarge()


class _Guarded:
    """Mixed into a socket class: each read waits no longer than the budget allows and is counted against it."""

    budget: Budget

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(self.budget.remaining(self.budget.idle_seconds))  # type: ignore[attr-defined]
        count: int = super().recv_into(buffer, len(buffer) if nbytes is None else nbytes, flags)  # type: ignore[misc]
        self.budget.spend(count)
        return count

    def sendall(self, data: Any, flags: int = 0) -> None:
        # Slices, so that a peer that reads a byte a second cannot hold a large upload past the deadline.
        view = memoryview(data).cast("B")
        for start in range(0, len(view), 16_384):
            self.settimeout(self.budget.remaining(self.budget.idle_seconds))  # type: ignore[attr-defined]
            super().sendall(view[start : start + 16_384], flags)  # type: ignore[misc]


class PlainSocket(_Guarded, socket.socket):
    """A TCP connection to a pinned address."""


class TLSSocket(_Guarded, ssl.SSLSocket):
    """The same under TLS."""


@lru_cache(maxsize=1)
def _public_tls_context() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.sslsocket_class = TLSSocket
    return context


class Network:
    """How the outside is reached. Tests inject their own through `Policy.network`; nothing else can widen it."""

    def resolve(self, host: str, port: int) -> list[str]:
        """The host's addresses in the order of preference; OSError when there are none."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def address_allowed(self, address: str) -> bool:
        """Whether a resolved address may be connected to."""
        return address_is_public(address)

    def tls_context(self) -> ssl.SSLContext:
        """Checks certificates against certifi's authorities; its sockets are `TLSSocket`."""
        return _public_tls_context()


def addresses_checked(network: Network, target: Target, budget: Budget, *, seconds: float) -> list[str]:
    """Resolve once. Every address must be allowed: a name that mixes public and private ones is refused whole."""
    if target.is_literal:
        addresses = [target.host]
    else:
        addresses = _in_time(lambda: network.resolve(target.host, target.port), budget.remaining(seconds))
    if not addresses or not all(network.address_allowed(address) for address in addresses):
        raise EgressRefused(_("The host does not lead to a public address."))
    return addresses


def _in_time(look_up: Callable[[], list[str]], seconds: float) -> list[str]:
    """Run a look-up that cannot be interrupted (the C library's resolver) without waiting for it past its time."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(look_up())
        except Exception as error:  # handed to the waiting thread
            answers.put(error)

    threading.Thread(target=work, name="egress-dns", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise EgressTimeout(_("The name look-up took too long.")) from None
    if isinstance(answer, OSError | UnicodeError):
        raise EgressUnavailable(_("The host has no address.")) from answer
    if isinstance(answer, Exception):
        raise answer
    return answer


def pinned_socket(addresses: list[str], port: int, budget: Budget, *, seconds: float) -> PlainSocket:
    """Connect to the first of the checked addresses that answers; names are not looked up again."""
    last: OSError | None = None
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        connection = None
        try:
            connection = PlainSocket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            connection.budget = budget
            connection.settimeout(budget.remaining(seconds))
            connection.connect((address, port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            last = error
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        else:
            return connection
        if connection is not None:
            connection.close()
    if isinstance(last, TimeoutError):
        raise EgressTimeout(_("The connection took too long.")) from last
    raise EgressUnavailable(_("No connection.")) from last


def tls_wrapped(
    connection: PlainSocket, target: Target, network: Network, budget: Budget, *, seconds: float
) -> ssl.SSLSocket:
    """TLS to the pinned address, with the *name* as SNI and checked against the certificate."""
    connection.settimeout(budget.remaining(seconds))
    try:
        # The handshake runs under the timeout above as a whole; guarded reads begin after it.
        wrapped = network.tls_context().wrap_socket(connection, server_hostname=target.host)
    except TimeoutError as error:
        connection.close()
        raise EgressTimeout(_("The TLS handshake took too long.")) from error
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        connection.close()
        raise EgressUnavailable(_("The TLS connection could not be verified.")) from error
    wrapped.budget = budget  # type: ignore[attr-defined]
    return wrapped
