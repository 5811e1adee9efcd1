"""Which socket addresses exist: apps register theirs in `ready()`, the ASGI application collects them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from django.urls import URLPattern

from core.realtime.codes import NOT_FOUND

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

_registered: list[URLPattern] = []


def register(*patterns: URLPattern) -> None:
    """Add `path(…, Consumer.as_asgi())` patterns; paths have no leading slash."""
    _registered.extend(patterns)


def routes() -> list[URLPattern]:
    """Every registered pattern."""
    return list(_registered)


def closed(router: Application) -> Application:
    """`router`, closing a socket of an unknown path with `NOT_FOUND` where Channels would raise."""

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = scope["path"].lstrip("/")
        if any(pattern.pattern.match(path) for pattern in _registered):
            await router(scope, receive, send)
        elif (await receive())["type"] == "websocket.connect":
            # A browser sees the code only of a socket that was opened.
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": NOT_FOUND})

    return application
