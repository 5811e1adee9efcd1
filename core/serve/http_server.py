"""Daphne with what it lacks for a public port: bounded bodies and headers, back-pressure, an orderly stop."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

# First of all Twisted imports: it installs the asyncio reactor.
from daphne.server import Server  # isort: skip
from daphne.http_protocol import HTTPFactory, WebRequest
from twisted.internet import defer
from twisted.internet import reactor as _reactor
from twisted.web import http

from core.errors import DomainError, MalformedRequest, PayloadTooLarge
from core.serve import sendfile
from core.serve.socket_protocol import SocketFactory
from core.serve.wsgi_bridge import BODY_EXTENSION, refusal

logger = logging.getLogger(__name__)
http.RESPONSES.update(
    {status.value: status.phrase.encode() for status in HTTPStatus}
)  # Twisted knows neither 422 nor 429
reactor: Any = _reactor  # a module whose functions belong to the reactor that daphne installed

HEADER_LINES = 120
HEADER_BYTES = 32 * 1024
DOCUMENT_LIMIT = 2_621_440  # bytes of a body that the application parses in memory (JSON, forms without files)
IDLE_SECONDS = 75  # a kept-alive connection without a request is closed after this
LINGER_SECONDS = 1.0  # a refused sender is listened to this long, so that it can read the refusal
GRACE_SECONDS = 2.5  # running requests may finish within this after a stop


class Channel(http.HTTPChannel):
    """One client connection with our limits on the request head."""

    maxHeaders = HEADER_LINES
    totalHeadersSize = HEADER_BYTES
    abortTimeout = 5
    _is_refused = False

    def refuse(self, error: DomainError) -> None:
        """Answer with an error, ignore what the client still sends and hang up soon.

        Hanging up at once would reset the connection, and the client would never read why.
        """
        if self._is_refused:
            return
        self._is_refused = True
        status, headers, body = refusal(error)
        lines = [b"%s: %s" % header for header in [*headers, (b"connection", b"close")]]
        phrase = http.RESPONSES.get(status, b"Refused")
        head = b"HTTP/1.1 %d %s\r\n" % (status, phrase) + b"\r\n".join(lines) + b"\r\n\r\n"
        self.dataReceived = self.lineReceived = self.rawDataReceived = lambda _data: None
        transport: Any = self.transport
        transport.write(head + body)
        reactor.callLater(LINGER_SECONDS, self.loseConnection)

    def _respondToBadRequestAndDisconnect(self) -> None:
        """Twisted calls this for every head it cannot or will not read."""
        self.refuse(MalformedRequest())

    def lineLengthExceeded(self, line: bytes) -> None:
        """Twisted hangs up without a word here."""
        self.refuse(MalformedRequest())

    def allHeadersReceived(self) -> None:
        """Refuse a body that is announced as too large before any of it is read."""
        request = self.requests[-1]
        if self.length is not None and self.length > request.body_limit():
            self.refuse(PayloadTooLarge())
            return
        super().allHeadersReceived()


class Request(WebRequest):
    """One request: counts its body, hands it over as a file, and tells senders when to wait."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Twisted would parse every form in memory, on the event loop, for nobody: Django parses it again.
        self._parsePOSTFormSubmission = False
        self.body: Any = None
        self._received = 0
        self._writable: asyncio.Event | None = None

    def body_limit(self) -> int:
        """Bytes its body may have: uploads more than documents, which are parsed in memory."""
        kind = (self.requestHeaders.getRawHeaders(b"content-type") or [b""])[0].lower()
        limit: int = self.server.body_limit
        return limit if kind.startswith((b"multipart/", b"application/octet-stream")) else min(limit, DOCUMENT_LIMIT)

    def handleContentChunk(self, data: bytes) -> None:
        """Refuse a chunked body as soon as it grows too large."""
        self._received += len(data)
        if self._received > self.body_limit():
            self.channel.refuse(PayloadTooLarge())
            return
        super().handleContentChunk(data)

    def process(self) -> Any:
        """Keep the body as the file it is; daphne would put it into a queue piece by piece."""
        if not self.requestHeaders.hasHeader(b"upgrade"):
            self.content.seek(0)
            self.body, self.content = self.content, io.BytesIO()
        return super().process()

    async def drained(self) -> None:
        """Return when the client has read enough for more to be sent. Raises OSError when it has left."""
        if self._writable is not None and not self._writable.is_set():
            await self._writable.wait()
        if self._disconnected or self.channel is None:
            raise ConnectionResetError("the client has left")

    def stream(self) -> None:
        """From now on the transport says when its buffer is full (`pauseProducing`) and when it is not."""
        if self._writable is None and not self.finished and self.channel is not None:
            self._writable = asyncio.Event()
            self._writable.set()
            self.registerProducer(self, True)

    def pauseProducing(self) -> None:
        """The transport's buffer is full."""
        if self._writable is not None:
            self._writable.clear()

    def resumeProducing(self) -> None:
        """The transport's buffer has room."""
        if self._writable is not None:
            self._writable.set()

    def stopProducing(self) -> None:
        """The connection is gone; wake the sender so that it notices."""
        self.resumeProducing()

    async def send_file(self, file: int, offset: int, count: int) -> None:
        """Send `count` bytes of an open file, as many as `Content-Length` says. Raises OSError when the client left first."""
        http.Request.write(self, b"")  # the head
        if self._disconnected or self.channel is None:
            raise ConnectionResetError("the client has left")
        sender = sendfile.FileSender(self.channel.transport, file, offset, count)
        sender.begin()
        try:
            await sender.done
        except ConnectionResetError:
            raise
        except OSError:
            if self.channel is not None:
                self.channel.loseConnection()  # less was sent than promised: nothing else tells the client
            raise
        finally:
            sender.end()
        self.sentLength += count

    def finish(self) -> None:
        """End the response."""
        if self._writable is not None:
            self.unregisterProducer()
        super().finish()

    def connectionLost(self, reason: Any) -> None:
        """Wake the sender so that it notices."""
        super().connectionLost(reason)
        self.resumeProducing()


class Factory(HTTPFactory):
    """Makes a `Channel` for every connection and knows the open ones."""

    def __init__(self, server: EmbeddedServer) -> None:
        super().__init__(server)
        self.timeOut = IDLE_SECONDS

    def buildProtocol(self, address: Any) -> Any:
        """A channel; without HTTP/2 negotiation, which needs TLS and so a proxy in front anyway."""
        channel: Any = Channel()
        channel.factory = self
        channel.timeOut = self.timeOut
        channel.site = self
        channel.requestFactory = Request
        return channel


class EmbeddedServer(Server):
    """One listening socket, one application.

    body_limit: bytes of a request body; on_ready: called when the socket listens; on_stopping: when a stop begins;
    on_stopped: when the last request is done.
    """

    def __init__(
        self,
        application: Any,
        *,
        endpoint: str,
        body_limit: int,
        on_ready: Callable[[], None],
        on_stopping: Callable[[], None],
        on_stopped: Callable[[], None],
    ) -> None:
        super().__init__(
            application,
            endpoints=[endpoint],
            server_name="",
            websocket_max_message_size=64 * 1024,
            websocket_max_frame_size=64 * 1024,
            ping_interval=20,
            ping_timeout=30,
            application_close_timeout=5,
        )
        self.body_limit = body_limit
        self.failure: str | None = None
        self._on_ready = on_ready
        self._on_stopping = on_stopping
        self._on_stopped = on_stopped
        self._ports: list[Any] = []

    def run(self) -> None:
        """Serve until SIGINT or SIGTERM. `failure` says why when the address could not be listened on."""
        import daphne.server

        # daphne names its factories in this module and offers no other way to replace them.
        daphne.server.HTTPFactory = Factory
        daphne.server.WebSocketFactory = SocketFactory
        super().run()

    def listen_success(self, port: Any) -> None:
        """Say that the site can be opened."""
        super().listen_success(port)
        self._ports.append(port)
        self._on_ready()

    def listen_error(self, failure: Any) -> None:
        """Keep the reason for the caller of `run`."""
        self.failure = failure.getErrorMessage()
        reactor.callWhenRunning(self.stop)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Give the application the body as a file, too."""
        if scope["type"] == "http":
            scope["extensions"] = {BODY_EXTENSION: protocol.body}
            if sendfile.IS_ABLE:
                scope["extensions"][sendfile.EXTENSION] = {}
        queue = super().create_application(protocol, scope)
        if queue is not None:
            application = self.connections[protocol]["application_instance"]
            application.add_done_callback(lambda _done: self._reap(protocol))
        return queue

    def protocol_disconnected(self, protocol: Any) -> None:
        """Forget the connection at once when its application has ended."""
        if protocol in self.connections:
            super().protocol_disconnected(protocol)
            self._reap(protocol)

    def _reap(self, protocol: Any) -> None:
        """Forget a connection that is over; daphne's own way walks through all of them once a second, which is felt."""
        details = self.connections.get(protocol)
        if details is None or "disconnected" not in details:
            return
        application = details.get("application_instance")
        if application is None or (application.done() and (application.cancelled() or not application.exception())):
            del self.connections[protocol]

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Send, then wait until the client has room for more. Raises OSError when it has left (ASGI 2.4)."""
        if message["type"] == sendfile.EXTENSION:
            if protocol not in self.connections or self.connections[protocol].get("disconnected"):
                raise ConnectionResetError("the client has left")
            await protocol.send_file(message["file"], message["offset"], message["count"])
            return
        is_stream = message["type"] == "http.response.body" and message.get("more_body")
        if is_stream:
            protocol.stream()
        elif message["type"] == "http.response.start":
            protocol.responseHeaders.setRawHeaders(b"date", [http.datetimeToString()])
        await super().handle_reply(protocol, message)
        if is_stream or message["type"] == "websocket.send":
            await protocol.drained()

    def kill_all_applications(self) -> defer.Deferred[Any]:
        """Accept nobody new, let running requests finish within `GRACE_SECONDS`, cancel the rest."""
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._wind_down()))

    async def _wind_down(self) -> None:
        self._on_stopping()
        for port in self._ports:
            port.stopListening()
        running = self._applications("http")
        if running:
            await asyncio.wait(running, timeout=GRACE_SECONDS)
        rest = self._applications()
        for application in rest:
            application.cancel()
        if rest:
            await asyncio.wait(rest, timeout=0.5)
        with contextlib.suppress(Exception):
            self._on_stopped()

    def _applications(self, kind: str = "") -> list[asyncio.Future[Any]]:
        """The applications that still run; for HTTP only those whose client is there."""
        return [
            details["application_instance"]
            for protocol, details in self.connections.items()
            if "application_instance" in details
            and not details["application_instance"].done()
            and (kind != "http" or (isinstance(protocol, Request) and not details.get("disconnected")))
        ]
