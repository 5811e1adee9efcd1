"""The socket of every open page of somebody who is signed in: it says when that ends."""

from django.urls import path

from accounts.live import endings  # noqa: F401 — what closes it
from accounts.live.identity import identity_of
from core.realtime.socket import Identity, Socket
from core.serve.sockets import register


class SessionSocket(Socket):
    """`live/session`: HELLO, READY, heartbeats, SIGNED_OUT. It takes no commands."""

    async def identify(self, token: str | None) -> Identity | None:
        return await identity_of(self.scope, token)


def sockets_register() -> None:
    """Called once by the app."""
    # Django's types know of HTTP views only.
    register(path("live/session", SessionSocket.as_asgi(), name="live-session"))  # type: ignore[arg-type]
