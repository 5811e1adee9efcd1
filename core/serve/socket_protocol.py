"""daphne's socket protocol with what it lacks: senders wait for readers, and who sends too much is told why."""

from __future__ import annotations

import asyncio
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol


class SocketProtocol(WebSocketProtocol):
    """One connection. daphne's `send` never waits, so all that a client does not read is kept in memory."""

    def onOpen(self) -> None:
        """From now on the transport says when its buffer is full."""
        self._writable = asyncio.Event()
        self._writable.set()
        # The channel of the handshake's request is still registered, and takes no notice.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)
        super().onOpen()

    def pauseProducing(self) -> None:
        """The transport's buffer is full."""
        self._writable.clear()

    def resumeProducing(self) -> None:
        """The transport's buffer has room."""
        self._writable.set()

    def stopProducing(self) -> None:
        """The connection is gone: wake the sender."""
        self._writable.set()

    async def drained(self) -> None:
        """Return when the client has read enough for more to be sent. Raises OSError when it has left."""
        if (writable := getattr(self, "_writable", None)) is not None:
            await writable.wait()
        if self.state == self.STATE_CLOSED:
            raise ConnectionResetError("the client has left")


class SocketFactory(WebSocketFactory):
    """Makes `SocketProtocol`s that close with a code (1009: too large) where autobahn would only hang up."""

    protocol = SocketProtocol

    def setProtocolOptions(self, **options: Any) -> None:
        super().setProtocolOptions(**options, failByDrop=False)
