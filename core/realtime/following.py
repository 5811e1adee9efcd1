"""Sockets that follow their person's event log: each event once and in order, whatever hints get lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import structlog

from core.realtime.database import in_thread
from core.realtime.groups import SEQ, on_check, on_hint
from core.realtime.selectors import events_after, latest_seqs
from core.realtime.socket import Socket

log = structlog.get_logger("realtime")

STRETCH = 100
"""Events read at once; a socket's own backlog holds more than two such stretches."""

Snapshot = Callable[[UUID], dict[str, Any]]
_snapshots: dict[str, Snapshot] = {}


def snapshot_register(name: str) -> Callable[[Snapshot], Snapshot]:
    """Decorator: what the function says of a person goes into READY's `snapshot` under `name`; from there on events follow."""

    def register(function: Snapshot) -> Snapshot:
        _snapshots[name] = function
        return function

    return register


class FollowingSocket(Socket):
    """Dispatches every event after READY's `seq`, or after the `?seq=` with which a client comes back.

    READY: {seq, is_complete, snapshot}. `is_complete` False: what the client missed is not kept any more, it has to take
    the snapshot for the truth (as after the frame INVALID_SESSION, for a client that fell too far behind while connected).
    """

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        super().__init__(scope, receive, send)
        self.seq: int | None = None
        self._is_behind = False
        self._reading: asyncio.Task[None] | None = None

    async def ready(self) -> dict[str, Any]:
        if self.identity is None:
            raise RuntimeError("READY is said to somebody")
        about = await in_thread(_start, self.identity.user_id, self.query().get("seq"))
        self.seq = about["seq"]
        self.follow()  # its task begins after READY was queued
        return about

    def follow(self) -> None:
        """There may be something new. A read that is under way is followed by another."""
        self._is_behind = True
        if self._reading is None and self.seq is not None:
            self._reading = asyncio.create_task(self._read_on())

    async def _read_on(self) -> None:
        try:
            while self._is_behind and self.is_open and self.identity is not None and self.seq is not None:
                self._is_behind = False
                replay = await in_thread(events_after, self.identity.user_id, self.seq, limit=STRETCH)
                if not replay.is_complete:
                    self.push({"op": "INVALID_SESSION", "d": {"seq": replay.latest}})
                    self.seq = replay.latest
                for event in replay.events if replay.is_complete else ():
                    self.dispatch(event.type, event.payload, event.seq)
                    self.seq = event.seq
                self._is_behind |= self.seq < replay.latest
                await self.has_room(STRETCH)
        except Exception as error:  # the next check of the hub tries again
            log.warning("log_unread", error=type(error).__name__)
        finally:
            self._reading = None


def _start(user_id: UUID, asked: str | None) -> dict[str, Any]:
    """Where a client goes on: after the number it names, if all since then is kept, else from now on."""
    seq = int(asked) if asked is not None and asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    replay = events_after(user_id, seq or 0, limit=1)
    goes_on = seq is not None and replay.is_complete
    start = seq if goes_on and seq is not None else replay.latest
    # Read after the number: what happens in between is in both, and said twice rather than never.
    snapshot = {name: function(user_id) for name, function in _snapshots.items()}
    return {"seq": start, "is_complete": seq is None or goes_on, "snapshot": snapshot}


@on_hint(SEQ)
def socket_follow(socket: Socket, data: dict[str, Any]) -> None:
    """Read on where the socket is behind the number of the hint."""
    if isinstance(socket, FollowingSocket) and (socket.seq is None or socket.seq < data["seq"]):
        socket.follow()


@on_check
async def sockets_follow(sockets: Sequence[Socket]) -> None:
    """One query for all sockets of the process: a lost hint costs a tick of the hub, never an event."""
    following = [socket for socket in sockets if isinstance(socket, FollowingSocket) and socket.identity is not None]
    if not following:
        return
    latest = await in_thread(latest_seqs, {socket.identity.user_id for socket in following if socket.identity})
    for socket in following:
        if socket.identity and socket.seq is not None and socket.seq < latest.get(socket.identity.user_id, 0):
            socket.follow()
