"""One open socket: the frames, the limits and the orderly end that all our socket addresses share (design/realtime.md).

A plain ASGI application: Channels' consumers start a task and visit a thread for each message. Who somebody is and what a
socket may do belong to subclasses (`identify`, `ready`, `command`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import structlog

from core.realtime import codes
from core.realtime.groups import user_group
from core.realtime.hub import hub

log = structlog.get_logger("realtime")

Message = dict[str, Any]
Scope = dict[str, Any]

HEARTBEAT = 30.0
"""Seconds between two heartbeats of a client."""
HEARTBEAT_GRACE = 5.0
IDENTIFY_SECONDS = 10.0
CANCELLED_AGAIN = 1.0
"""Seconds until a task that went on after its cancellation is cancelled again."""
SEND_SECONDS = 10.0
"""A client whose connection takes nothing for this long is closed."""
FRAME_BYTES = 64 * 1024
BACKLOG_FRAMES = 256
BACKLOG_BYTES = 1024 * 1024
FRAMES_PER_WINDOW, WINDOW = 120, 60.0
"""What a client may send, in seconds."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a socket belongs to, by which sign-in, and what READY says about them."""

    user_id: uuid.UUID
    session_id: uuid.UUID
    about: dict[str, Any] = field(default_factory=dict)


class Socket(ABC):
    """JSON frames `{op, d, s?, t?, nonce?}`: HELLO, IDENTIFY, READY, HEARTBEAT and HEARTBEAT_ACK, DISPATCH, ERROR.

    Who it is: `?token=…`, else the handshake's cookie, else IDENTIFY as the first frame; `?cookie` says that no IDENTIFY
    will come, so that a page learns at once that it is signed out.
    """

    def __init__(self, scope: Scope, receive: Callable[[], Awaitable[Message]], send: Callable) -> None:
        self.scope = scope
        self.identity: Identity | None = None
        self._receive, self._send = receive, send
        self._backlog: deque[str] = deque()
        self._backlog_bytes = 0
        self._has_work = asyncio.Event()
        self._has_room = asyncio.Event()
        self._end: tuple[int, str] | None = None
        self._is_gone = False
        self._writer: asyncio.Task[None] | None = None
        self.now = asyncio.get_running_loop().time
        self._heard_at = self.now()
        self._window_began, self._window_frames = self._heard_at, 0

    @classmethod
    def as_asgi(cls) -> Callable[[Scope, Any, Any], Awaitable[None]]:
        """The application for `core.serve.sockets.register`."""

        async def application(scope: Scope, receive: Any, send: Any) -> None:
            await cls(scope, receive, send).run()

        return application

    # What an address fills in

    @abstractmethod
    async def identify(self, token: str | None) -> Identity | None:
        """Who this is: by `token`, or without one by what the handshake carried (a cookie). None: nobody."""

    async def ready(self) -> dict[str, Any]:
        """What READY tells besides who this is."""
        return {}

    def groups(self, identity: Identity) -> tuple[str, ...]:
        """Whose hints it gets."""
        return (user_group(identity.user_id),)

    def greet(self) -> None:
        """The first frame, before anybody is known."""
        self.push({"op": "HELLO", "d": {"heartbeat_interval": int(HEARTBEAT * 1000)}})

    def welcome(self, identity: Identity, about: dict[str, Any]) -> None:
        """The frame with what `ready` tells."""
        known = {"session_id": str(identity.session_id), "user": identity.about}
        self.push({"op": "READY", "d": known | about})

    async def command(self, op: str, frame: Message) -> bool:
        """Deal with a frame of an identified client; False when there is no such `op`."""
        return False

    # What handlers call, in the loop

    @property
    def is_open(self) -> bool:
        """Whether what is pushed may still arrive."""
        return self._end is None and not self._is_gone

    async def has_room(self, frames: int) -> None:
        """Wait until no more than so many frames are queued, or nothing can arrive any more."""
        while self.is_open and len(self._backlog) > frames:
            self._has_room.clear()
            await self._has_room.wait()

    def query(self) -> dict[str, str]:
        """The parameters of the handshake's address."""
        return dict(_pairs(self.scope.get("query_string", b"")))

    def dispatch(self, kind: str, data: dict[str, Any], seq: int | None = None) -> None:
        """Send an event of type `kind`."""
        self.push({"op": "DISPATCH", "t": kind, "d": data} | ({"s": seq} if seq is not None else {}))

    def push(self, frame: Message) -> None:
        """Queue a frame; a client that does not read is closed with `TOO_SLOW`."""
        self.push_text(json.dumps(frame, separators=(",", ":")))

    def push_text(self, text: str) -> None:
        """`push` for a frame that is written already: one text for many sockets."""
        if self._end is not None:
            return
        self._backlog.append(text)
        self._backlog_bytes += len(text)
        if len(self._backlog) > BACKLOG_FRAMES or self._backlog_bytes > BACKLOG_BYTES:
            self._backlog.clear()
            self.close(codes.TOO_SLOW, "too slow")
            if self._writer is not None:
                self._writer.cancel()  # it waits for somebody who does not read
        self._has_work.set()

    def close(self, code: int, reason: str = "") -> None:
        """Send what is queued, then close. The first reason stays."""
        if self._end is None:
            self._end = (code, reason)
            self._has_work.set()
            self._has_room.set()

    def heartbeat_check(self) -> None:
        """Close a client that missed two heartbeats."""
        if self.now() - self._heard_at > 2 * HEARTBEAT + HEARTBEAT_GRACE:
            self.close(codes.TIMED_OUT, "timed out")

    # How it runs

    async def run(self) -> None:
        """From the handshake to the end, whoever ends it."""
        if (await self._receive())["type"] != "websocket.connect":
            return
        await self._send({"type": "websocket.accept"})
        self._writer = asyncio.create_task(self._write())
        reader = asyncio.create_task(self._live())
        try:
            await asyncio.wait({reader, self._writer}, return_when=asyncio.FIRST_COMPLETED)
            if reader.done() and not reader.cancelled() and (error := reader.exception()):
                log.error("socket_failed", path=self.scope.get("path"), exc_info=error)
                self.close(codes.FAILED, "failed")
        finally:
            self.close(codes.FAILED)  # who waits for room waits for nothing now
            await _ended(reader, self._writer)
            await hub().remove(self)
            await self._hang_up()

    async def _live(self) -> None:
        self.greet()
        query = self.query()
        identity = await self.identify(query.get("token"))
        if identity is None and not query.keys() & {"token", "cookie"}:
            identity = await self._identified()
        if self._is_gone:
            return
        if identity is None:
            self.close(codes.UNAUTHENTICATED, "unauthenticated")
        else:
            self.identity = identity
            await hub().add(self, *self.groups(identity))
            self.welcome(identity, await self.ready())
        while (frame := await self._frame()) is not None:
            await self._answer(frame)

    async def _identified(self) -> Identity | None:
        """Wait for IDENTIFY; another frame, or none in time, is nobody."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(IDENTIFY_SECONDS):
                frame = await self._frame()
            data = frame.get("d") if frame is not None and frame["op"] == "IDENTIFY" else None
            token = data.get("token") if isinstance(data, dict) else None
            return await self.identify(token) if isinstance(token, str) else None
        return None

    async def _answer(self, frame: Message) -> None:
        if self._end is not None:
            return
        if frame["op"] == "HEARTBEAT":
            self._heard_at = self.now()
            self.push({"op": "HEARTBEAT_ACK"})
        elif self.identity is not None and not await self.command(frame["op"], frame):
            self.push({"op": "ERROR", "d": {"error": "unknown_op"}, "nonce": frame.get("nonce")})

    async def _frame(self) -> Message | None:
        """The next frame that is one; None when the client has left."""
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                self._is_gone = True
                self._has_room.set()
                return None
            if message["type"] != "websocket.receive" or self._end is not None:
                continue
            if (frame := self._read(message)) is not None:
                return frame

    def _read(self, message: Message) -> Message | None:
        """The frame of a message within the limits; else the socket is closed."""
        now = self.now()
        if now - self._window_began >= WINDOW:
            self._window_began, self._window_frames = now, 0
        self._window_frames += 1
        raw: bytes = message.get("bytes") or (message.get("text") or "").encode()
        if len(raw) > FRAME_BYTES:
            self.close(codes.TOO_LARGE, "too large")
        elif self._window_frames > FRAMES_PER_WINDOW:
            self.close(codes.RATE_LIMITED, "rate limited")
        else:
            with contextlib.suppress(ValueError, RecursionError):
                frame = json.loads(raw)
                if isinstance(frame, dict) and isinstance(frame.get("op"), str):
                    return frame
            self.close(codes.MALFORMED, "malformed")
        return None

    async def _write(self) -> None:
        """Send the backlog as far as the client reads; returns when the socket is to be closed."""
        while True:
            await self._has_work.wait()
            self._has_work.clear()
            while self._backlog:
                text = self._backlog.popleft()
                self._backlog_bytes -= len(text)
                self._has_room.set()
                try:
                    async with asyncio.timeout(SEND_SECONDS):
                        await self._send({"type": "websocket.send", "text": text})
                except TimeoutError:
                    self.close(codes.TOO_SLOW, "too slow")
                    return
            if self._end is not None:
                return

    async def _hang_up(self) -> None:
        if self._is_gone:
            return
        code, reason = self._end or (codes.FAILED, "")
        # daphne can send only 1000 and 3000 to 4999; its own limit of a frame's size answers 1009 before we see it.
        for allowed in (code, codes.FAILED):
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await self._send({"type": "websocket.close", "code": allowed, "reason": reason})
                return
            except Exception as error:
                log.debug("close_failed", code=allowed, error=type(error).__name__)


async def _ended(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks until they are over: what one waits for may swallow a cancellation that comes just as it is done.

    `asyncio.wait_for` does so before Python 3.12, and a socket that waits for nobody would stay in the hub for good.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=CANCELLED_AGAIN)
    await asyncio.gather(*tasks, return_exceptions=True)


def _pairs(query: bytes) -> list[tuple[str, str]]:
    return parse_qsl(query.decode("latin-1"), keep_blank_values=True)
