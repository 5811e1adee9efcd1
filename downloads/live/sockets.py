"""`/ws/downloads`: the progress of the queue for staff, in the frames of the reference (aniworld)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import path

from accounts.facade import User, identity_of
from core.realtime import codes
from core.realtime.database import in_thread
from core.realtime.groups import on_check, on_hint, user_group
from core.realtime.socket import Identity, Socket
from core.serve.sockets import register
from downloads.access import KEEPERS
from downloads.queue.telling import GROUP, HINT


class DownloadsSocket(Socket):
    """Frames {type, timestamp, data} as they happen, and nothing else: no greeting, no heartbeats, no commands.

    Who it is: `?token=…`, an `Authorization: Bearer …` header, or the site's cookie; only those who may look at the queue
    stay connected (`FORBIDDEN`).
    """

    async def identify(self, token: str | None) -> Identity | None:
        identity = await identity_of(self.scope, token if token is not None else _bearer(self.scope))
        if identity is not None and not await in_thread(_watchers_among, {identity.user_id}):
            self.close(codes.FORBIDDEN, "forbidden")
            return None
        return identity

    def groups(self, identity: Identity) -> tuple[str, ...]:
        # The person's own group brings the end of their sign-in (accounts/live/endings.py).
        return (user_group(identity.user_id), GROUP)

    def greet(self) -> None:
        """The reference has no such frame."""

    def welcome(self, identity: Identity, about: dict[str, Any]) -> None:
        """The reference has no such frame."""

    def dispatch(self, kind: str, data: dict[str, Any], seq: int | None = None) -> None:
        """What is sent to a person's other sockets says nothing of downloads."""

    def heartbeat_check(self) -> None:
        """Its clients send nothing; the server's own pings find those that are gone."""


def _bearer(scope: dict[str, Any]) -> str | None:
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return str(value[7:].strip().decode("latin-1"))
    return None


def _watchers_among(user_ids: set[Any]) -> set[Any]:
    rows = User.objects.filter(pk__in=user_ids, is_active=True, role__in=KEEPERS)
    return set(rows.values_list("pk", flat=True))


@on_hint(HINT)
def socket_tell(socket: Socket, data: dict[str, Any]) -> None:
    """Hand the frame on."""
    if isinstance(socket, DownloadsSocket):
        socket.push(data["frame"])


@on_check
async def watchers_check(sockets: Sequence[Socket]) -> None:
    """One query for all of them: who may not look any more is sent away (threat 14)."""
    watching = [socket for socket in sockets if isinstance(socket, DownloadsSocket) and socket.identity is not None]
    if not watching:
        return
    allowed = await in_thread(_watchers_among, {socket.identity.user_id for socket in watching if socket.identity})
    for socket in watching:
        if socket.identity and socket.identity.user_id not in allowed:
            socket.close(codes.FORBIDDEN, "forbidden")


def sockets_register() -> None:
    """Called once by the app."""
    # Django's types know of HTTP views only.
    register(path("ws/downloads", DownloadsSocket.as_asgi(), name="live-downloads"))  # type: ignore[arg-type]
