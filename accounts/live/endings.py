"""The end of a sign-in reaches its open sockets: at once by a hint, and within a tick of the hub when that was lost (threat 24)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from accounts.events import SessionsEnded
from accounts.selectors.sessions import session_ids_alive
from accounts.services.sessions import SEEN_EVERY, sessions_seen
from core.events import subscribe
from core.realtime import codes, hint_on_commit
from core.realtime.database import in_thread
from core.realtime.groups import on_check, on_hint, user_group
from core.realtime.socket import Socket

ENDED = "sessions.ended"
SIGNED_OUT = "SIGNED_OUT"


@subscribe(SessionsEnded)
def sockets_tell(event: SessionsEnded) -> None:
    """Hint at what ended, when it is committed."""
    ids = [session_id.hex for session_id in event.session_ids]
    hint_on_commit(user_group(event.user_id), ENDED, session_ids=ids, reason=event.reason)


@on_hint(ENDED)
def socket_close(socket: Socket, data: dict[str, Any]) -> None:
    """Close the socket when it is of a session that ended."""
    if socket.identity is not None and socket.identity.session_id.hex in data["session_ids"]:
        _sign_out(socket, data["reason"])


@on_check
async def sockets_check(sockets: Sequence[Socket]) -> None:
    """One query for all sockets of the process: close those whose sign-in counts no more, for whatever reason.

    Once a minute the others are noted as here: an open page is somebody who is online.
    """
    held = {socket: socket.identity.session_id for socket in sockets if socket.identity is not None}
    if not held:
        return
    alive = await in_thread(session_ids_alive, set(held.values()))
    for socket, session_id in held.items():
        if session_id not in alive:
            _sign_out(socket, "ended")
    await _note_seen(alive, next(iter(held)).now())


_noted: dict[uuid.UUID, float] = {}


async def _note_seen(alive: set[uuid.UUID], now: float) -> None:
    every = SEEN_EVERY.total_seconds()
    for gone in _noted.keys() - alive:
        del _noted[gone]
    due = [session_id for session_id in alive if now - _noted.setdefault(session_id, now) >= every]
    if due:
        _noted.update(dict.fromkeys(due, now))
        await in_thread(sessions_seen, session_ids=due)


def _sign_out(socket: Socket, reason: str) -> None:
    socket.dispatch(SIGNED_OUT, {"reason": reason})
    socket.close(codes.UNAUTHENTICATED, "signed out")
