"""Opening sockets of the application in tests, and reading them to their end."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator


def connect(query: str = "", *, path: str = "/live/session", cookie: str = "", **headers: str) -> WebsocketCommunicator:
    from channels.routing import get_default_application

    head = [(b"host", b"testserver"), *((name.encode(), value.encode()) for name, value in headers.items())]
    if cookie:
        head.append((b"cookie", f"theme=dark; sessionid={cookie}".encode()))
    return WebsocketCommunicator(get_default_application(), f"{path}{query}", headers=head)


SECONDS = 10
"""How long a busy machine may take over what is not about time."""


async def ready(client: WebsocketCommunicator) -> dict[str, Any]:
    assert (await client.connect(SECONDS))[0]
    assert (await client.receive_json_from(SECONDS))["op"] == "HELLO"
    return await client.receive_json_from(SECONDS)


async def ended(client: WebsocketCommunicator, seconds: float = 2) -> tuple[list[dict[str, Any]], int]:
    """The frames until the end, and its code."""
    frames = []
    while (message := await client.receive_output(seconds))["type"] != "websocket.close":
        frames.append(json.loads(message["text"]))
    await client.wait()
    return frames, message["code"]


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In a loop of its own, whose database calls run in this thread: they see the test's transaction."""
    async_to_sync(scenario)()
