"""Sends a piece of a file to a connection's socket within the kernel, as fast as the client reads, without a thread."""

from __future__ import annotations

import asyncio
import os
from typing import Any

EXTENSION = "http.response.zerocopysend"  # the key in an ASGI scope's extensions and the type of the message
IS_ABLE = hasattr(os, "sendfile")
AT_ONCE = 4 * 1024 * 1024  # bytes after which other connections get their turn
AHEAD = 2 * AT_ONCE  # the kernel is told to have this much of the file ready, so that no disk holds up the event loop


class FileSender:
    """A pull producer of Twisted's transport: asked for more whenever all that was written before has left.

    While it works the transport belongs to it alone; afterwards `done` holds None, or the OSError that ended it.
    """

    def __init__(self, transport: Any, file: int, offset: int, count: int) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport = transport
        self._file = file
        self._offset = offset
        self._end = offset + count
        self._ready = offset
        self._is_begun = False

    def begin(self) -> None:
        """Take over the transport from its producer, which `end` puts back."""
        self._former = self._transport.producer
        self._transport.unregisterProducer()
        self._transport.registerProducer(self, False)

    def end(self) -> None:
        """Give the transport back."""
        if self._transport.producer is self:
            self._transport.unregisterProducer()
            if self._former is not None:
                self._transport.registerProducer(self._former, True)
                self._former.resumeProducing()

    def resumeProducing(self) -> None:  # noqa: N802 — Twisted's name
        """The transport has nothing left to write (but at first, when the head of the answer may still be on its way)."""
        if self.done.done():
            return
        if not self._is_begun:
            self._is_begun = True
        else:
            try:
                self._send()
            except BlockingIOError:
                pass
            except OSError as error:
                self._finish(error)
                return
        if self._offset >= self._end:
            self._finish(None)
        else:
            self._transport.startWriting()

    def _send(self) -> None:
        if self._offset + AT_ONCE > self._ready:
            self._ready = min(self._offset + AHEAD, self._end)
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(self._file, self._offset, AHEAD, os.POSIX_FADV_WILLNEED)
        sent = os.sendfile(self._transport.fileno(), self._file, self._offset, min(AT_ONCE, self._end - self._offset))
        if not sent:
            raise OSError("the file is shorter than was said")
        self._offset += sent

    def stopProducing(self) -> None:  # noqa: N802 — Twisted's name
        """The connection is gone."""
        self._finish(ConnectionResetError("the client has left"))

    def _finish(self, error: OSError | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)
