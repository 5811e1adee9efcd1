"""The shared base of sockets: frames, limits, heartbeats, orderly ends."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator

from core.realtime import codes, hint_send, hub, socket
from core.realtime.groups import user_group
from core.realtime.socket import Identity, Socket

USER, SESSION = uuid.uuid4(), uuid.uuid4()


class Plain(Socket):
    """Anybody who says "yes"."""

    made: list["Plain"] = []

    async def identify(self, token: str | None) -> Identity | None:
        self.made.append(self)
        if token == "broken":
            raise RuntimeError("the database is away")
        return Identity(USER, SESSION, {"username": "aki"}) if token == "yes" else None

    async def command(self, op: str, frame: dict[str, Any]) -> bool:
        if op == "FLOOD":
            for _ in range(frame["d"]):
                self.push({"op": "DISPATCH", "t": "X", "d": "x" * 1000})
        return op == "FLOOD"


def open_socket(query: str = "?token=yes") -> WebsocketCommunicator:
    return WebsocketCommunicator(Plain.as_asgi(), f"/live{query}")


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    Plain.made.clear()
    asyncio.run(scenario())


async def ready(communicator: WebsocketCommunicator) -> dict[str, Any]:
    assert (await communicator.connect())[0]
    assert await communicator.receive_json_from() == {"op": "HELLO", "d": {"heartbeat_interval": 30000}}
    return await communicator.receive_json_from()


async def ended(communicator: WebsocketCommunicator) -> int:
    while (message := await communicator.receive_output())["type"] != "websocket.close":
        pass
    await communicator.wait()
    return message["code"]


def test_a_token_in_the_query_gets_ready_and_heartbeats_are_answered() -> None:
    async def scenario() -> None:
        client = open_socket()
        assert await ready(client) == {
            "op": "READY",
            "d": {"session_id": str(SESSION), "user": {"username": "aki"}},
        }
        await client.send_json_to({"op": "HEARTBEAT", "d": {"s": 0}})
        assert await client.receive_json_from() == {"op": "HEARTBEAT_ACK"}
        await client.send_json_to({"op": "DANCE", "nonce": "n1"})
        answer = {"op": "ERROR", "d": {"error": "unknown_op"}, "nonce": "n1"}
        assert await client.receive_json_from() == answer
        await client.disconnect()

    run(scenario)


def test_identify_in_the_first_message() -> None:
    async def scenario() -> None:
        client = open_socket("")
        await client.connect()
        await client.receive_json_from()
        await client.send_json_to({"op": "IDENTIFY", "d": {"token": "yes"}})
        assert (await client.receive_json_from())["op"] == "READY"
        await client.disconnect()

    run(scenario)


@pytest.mark.parametrize("query", ["?token=no", "?token="])
def test_a_token_that_is_not_right_is_4001(query: str) -> None:
    async def scenario() -> None:
        client = open_socket(query)
        await client.connect()
        assert await ended(client) == codes.UNAUTHENTICATED

    run(scenario)


@pytest.mark.parametrize(
    "frame",
    [{"op": "IDENTIFY", "d": {"token": "no"}}, {"op": "IDENTIFY", "d": 7}, {"op": "IDENTIFY"}, {"op": "HEARTBEAT"}],
    ids=["wrong", "number", "nothing", "other-op"],
)
def test_another_first_message_is_4001(frame: dict[str, Any]) -> None:
    async def scenario() -> None:
        client = open_socket("")
        await client.connect()
        await client.send_json_to(frame)
        assert await ended(client) == codes.UNAUTHENTICATED

    run(scenario)


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "IDENTIFY_SECONDS", 0.05)

    async def scenario() -> None:
        client = open_socket("")
        await client.connect()
        assert await ended(client) == codes.UNAUTHENTICATED

    run(scenario)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", codes.MALFORMED),
        ("[]", codes.MALFORMED),
        ('{"op": 7}', codes.MALFORMED),
        ("[" * 20_000, codes.MALFORMED),
        (json.dumps({"op": "HEARTBEAT", "d": "x" * 70_000}), codes.TOO_LARGE),
        (json.dumps({"op": "HEARTBEAT", "d": "я" * 33_000}, ensure_ascii=False), codes.TOO_LARGE),
    ],
    ids=["not-json", "list", "no-op", "deep", "70-kb", "66-kb-of-cyrillic"],
)
def test_frames_that_are_refused(text: str, code: int) -> None:
    async def scenario() -> None:
        client = open_socket()
        await ready(client)
        await client.send_to(text_data=text)
        assert await ended(client) == code

    run(scenario)


def test_too_many_frames_are_4008() -> None:
    async def scenario() -> None:
        client = open_socket()
        await ready(client)
        for _ in range(socket.FRAMES_PER_WINDOW + 1):
            await client.send_json_to({"op": "HEARTBEAT"})
        assert await ended(client) == codes.RATE_LIMITED

    run(scenario)


def test_an_error_of_ours_is_not_a_sign_out() -> None:
    async def scenario() -> None:
        client = open_socket("?token=broken")
        await client.connect()
        assert await ended(client) == codes.FAILED

    run(scenario)


def test_missed_heartbeats_are_4009(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "HEARTBEAT", 0.02)
    monkeypatch.setattr(socket, "HEARTBEAT_GRACE", 0.0)
    monkeypatch.setattr(hub, "TICK", 0.05)

    async def scenario() -> None:
        client = open_socket()
        await client.connect()
        assert await ended(client) == codes.TIMED_OUT

    run(scenario)


class _Deaf:
    """An ASGI server whose client never reads: `send` of a frame never returns."""

    def __init__(self, served: type[Plain] = Plain) -> None:
        self.served = served
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.inbox.put_nowait({"type": "websocket.connect"})
        self.closed: int | None = None

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            await asyncio.Event().wait()
        if message["type"] == "websocket.close":
            self.closed = message["code"]

    async def run(self) -> None:
        scope = {"type": "websocket", "path": "/live", "query_string": b"token=yes", "headers": []}
        await self.served(scope, self.inbox.get, self.send).run()


def test_a_client_that_does_not_read_is_closed_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "SEND_SECONDS", 0.05)

    async def scenario() -> None:
        deaf = _Deaf()
        await asyncio.wait_for(deaf.run(), 2)
        assert deaf.closed == codes.TOO_SLOW

    run(scenario)


def test_a_client_that_does_not_read_is_closed_at_the_bound_of_its_queue() -> None:
    async def scenario() -> None:
        deaf = _Deaf()
        task = asyncio.create_task(deaf.run())
        deaf.inbox.put_nowait({"type": "websocket.receive", "text": json.dumps({"op": "FLOOD", "d": 5000})})
        await asyncio.wait_for(task, 2)
        assert deaf.closed == codes.TOO_SLOW
        assert len(Plain.made[0]._backlog) <= socket.BACKLOG_FRAMES

    run(scenario)


class _Torn(_Deaf):
    """An ASGI server whose connection is gone as soon as it is `torn`."""

    def __init__(self, served: type[Plain] = Plain) -> None:
        super().__init__(served)
        self.sends, self.torn = asyncio.Event(), asyncio.Event()

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            self.sends.set()
            await self.torn.wait()
            raise ConnectionResetError


def test_who_waits_for_room_does_not_wait_for_a_connection_that_broke() -> None:
    async def scenario() -> None:
        torn = _Torn()
        task = asyncio.create_task(torn.run())
        await torn.sends.wait()
        for number in range(150):
            Plain.made[0].push({"op": "DISPATCH", "t": "X", "d": number})
        waiter = asyncio.create_task(Plain.made[0].has_room(100))
        await asyncio.sleep(0)
        assert not waiter.done()
        torn.torn.set()
        await asyncio.wait_for(waiter, 10)
        await task
        assert not Plain.made[0].is_open

    run(scenario)


class _Stubborn(Plain):
    """What it waits for when the connection breaks is done just then, and its cancellation is lost with that."""

    waits: asyncio.Event

    async def ready(self) -> dict[str, Any]:
        self.waits.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return {}


def test_a_lost_cancellation_leaves_no_socket_behind() -> None:
    async def scenario() -> None:
        torn, _Stubborn.waits = _Torn(_Stubborn), asyncio.Event()
        task = asyncio.create_task(torn.run())
        await torn.sends.wait()
        await _Stubborn.waits.wait()
        assert len(hub.hub().sockets) == 1
        torn.torn.set()
        await asyncio.wait_for(asyncio.shield(task), 10)
        assert hub.hub().sockets == ()

    run(scenario)


def test_the_hub_sleeps_when_the_last_socket_left() -> None:
    async def scenario() -> None:
        clients = [open_socket() for _ in range(3)]
        for client in clients:
            await ready(client)
        assert len(hub.hub().sockets) == 3
        for client in clients:
            await client.disconnect()
        assert hub.hub().sockets == ()
        working = {task.get_coro().__qualname__ for task in asyncio.all_tasks()}
        assert not {name for name in working if name.startswith(("Hub.", "Socket."))}
        again = open_socket()
        await ready(again)
        await again.disconnect()

    run(scenario)


def test_a_hint_from_a_thread_reaches_every_socket_of_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.realtime import groups

    monkeypatch.setitem(groups._handlers, "hello", [lambda s, data: s.dispatch("HELLO_YOU", data)])

    async def scenario() -> None:
        clients = [open_socket() for _ in range(3)]
        for client in clients:
            await ready(client)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.to_thread(hint_send, user_group(USER), "hello", n=1)
        for client in clients:
            assert await client.receive_json_from() == {"op": "DISPATCH", "t": "HELLO_YOU", "d": {"n": 1}}
        assert loop.time() - began < 0.5
        await asyncio.to_thread(hint_send, user_group(uuid.uuid4()), "hello", n=2)
        assert await clients[0].receive_nothing(0.1)
        for client in clients:
            await client.disconnect()

    run(scenario)
