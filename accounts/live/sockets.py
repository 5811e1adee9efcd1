"""The socket of every open page of somebody who is signed in: what happens to them, and when that sign-in ends."""

from django.urls import path

from accounts.live import endings  # noqa: F401 — what closes it
from accounts.live.identity import identity_of
from core.realtime.following import FollowingSocket
from core.realtime.socket import Identity
from core.serve.sockets import register


class SessionSocket(FollowingSocket):
    """`live/session`: HELLO, READY, heartbeats, one's event log, SIGNED_OUT. It takes no commands."""

    async def identify(self, token: str | None) -> Identity | None:
        return await identity_of(self.scope, token)


def sockets_register() -> None:
    """Called once by the app."""
    # Django's types know of HTTP views only.
    register(path("live/session", SessionSocket.as_asgi(), name="live-session"))  # type: ignore[arg-type]
