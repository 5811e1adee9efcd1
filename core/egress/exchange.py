"""One request to one pinned address and its answer, read under the caps of a policy."""

import socket
import time
import zlib
from collections.abc import Iterator, Mapping
from http.client import HTTPException

import urllib3
from django.utils.translation import gettext_lazy as _
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from core.egress.errors import (
    EgressBadAnswer,
    EgressError,
    EgressRefused,
    EgressTimeout,
    EgressTooLarge,
    EgressUnavailable,
)
from core.egress.network import Budget, addresses_checked, pinned_socket, tls_wrapped
from core.egress.policy import Policy
from core.egress.urls import Target

_CHUNK = 256 * 1024
# `http.client` reads ahead this much past the headers, and chunked bodies carry framing: room for both in the raw count.
_READ_AHEAD = 16 * 1024
_PIECE = 64 * 1024
_PLAIN = ("", "identity")
_READABLE_ENCODINGS = (*_PLAIN, "gzip", "x-gzip", "deflate")
_SLOW_START_SECONDS = 10.0


class Exchange:
    """An answer whose headers have been read. `chunks` reads the body once; `close` must be called in the end."""

    def __init__(
        self, connection: HTTPConnection, response: urllib3.BaseHTTPResponse, policy: Policy, budget: Budget
    ) -> None:
        self._connection = connection
        self._response = response
        self._policy = policy
        self._budget = budget
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers

    def close(self) -> None:
        self._response.close()
        self._connection.close()

    @property
    def declared_bytes(self) -> int | None:
        """`Content-Length`, where the server gave a readable one."""
        text = self.headers.get("Content-Length", "")
        return int(text[:18]) if text.isascii() and text.isdigit() else None

    def chunks(self) -> Iterator[bytes]:
        """The body, decompressed, in pieces of at most 256 KiB, each as soon as it is here; raises `EgressError` at the first cap
        it passes.
        """
        encoding = self.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _READABLE_ENCODINGS:
            raise EgressBadAnswer(_("The body is compressed in a way that was not asked for."))
        limit = self._policy.max_bytes
        if (self.declared_bytes or 0) > limit:
            raise EgressTooLarge(_("The server announces more than may be read."))
        self._budget.allowance = limit + limit // 4 + _READ_AHEAD
        received, began = 0, time.monotonic()
        while True:
            self._budget.remaining()
            try:
                # What was not compressed is handed on as it comes off the wire: large pieces, no second copy, no waiting for more.
                chunk = self._response.read1(_CHUNK) if encoding in _PLAIN else self._response.read(_PIECE)
            except (HTTPError, HTTPException, OSError, zlib.error) as error:
                raise translated(error) from error
            if not chunk:
                return
            received += len(chunk)
            if received > limit:
                raise EgressTooLarge(_("The body is larger than may be read."))
            self._check_pace(received, time.monotonic() - began)
            yield chunk

    def _check_pace(self, received: int, seconds: float) -> None:
        if seconds > _SLOW_START_SECONDS and received < self._policy.min_bytes_per_second * seconds:
            raise EgressTimeout(_("The body comes too slowly."))


def exchange_opened(
    target: Target, *, policy: Policy, budget: Budget, method: str, headers: Mapping[str, str], body: bytes | None
) -> Exchange:
    """Resolve once, check, connect to the checked address, send, and read the answer's headers."""
    addresses = addresses_checked(policy.network, target, budget, seconds=policy.connect_seconds)
    sock = pinned_socket(addresses, target.port, budget, seconds=policy.connect_seconds)
    wrapped: socket.socket = sock
    if target.scheme == "https":
        wrapped = tls_wrapped(sock, target, policy.network, budget, seconds=policy.connect_seconds)
    # The connection never opens a socket of its own: it is handed one, and `Connection: close` ends it.
    connection = HTTPConnection(target.host, target.port)
    connection.sock = wrapped
    budget.allowance = policy.max_header_bytes + _READ_AHEAD
    try:
        connection.request(
            method, target.target, body=body, headers={**headers, "Host": target.authority}, preload_content=False
        )
        response = connection.getresponse()
    except ValueError as error:  # a header or a method that would break the request apart
        connection.close()
        raise EgressRefused(_("A header is not valid.")) from error
    except (HTTPError, HTTPException, OSError) as error:
        connection.close()
        raise translated(error) from error
    except BaseException:
        connection.close()
        raise
    exchange = Exchange(connection, response, policy, budget)
    if sum(len(name) + len(value) + 4 for name, value in response.headers.items()) > policy.max_header_bytes:
        exchange.close()
        raise EgressTooLarge(_("The headers are larger than may be read."))
    return exchange


def translated(error: BaseException) -> EgressError:
    """Our error for one of the libraries' errors, looking through the chain of causes for time-outs and lost connections."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    for link in chain:
        if isinstance(link, EgressError):
            return link
    if any(isinstance(link, TimeoutError | urllib3.exceptions.TimeoutError) for link in chain):
        return EgressTimeout(_("The server stopped sending."))
    if any(isinstance(link, ConnectionError) for link in chain):
        return EgressUnavailable(_("The connection was lost."))
    return EgressBadAnswer(_("The answer is not readable HTTP."))
