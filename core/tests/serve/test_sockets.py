"""Sockets on the embedded server: frames that are too large, clients that do not read."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from core.realtime import codes
from tests.services.instances import free_port

pytestmark = pytest.mark.once


class Server:
    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def open(self, **options: object) -> ClientConnection:
        """A socket after its READY."""
        client = connect(f"ws://127.0.0.1:{self.port}/flood", compression=None, **options)
        assert [json.loads(client.recv(5))["op"] for _ in range(2)] == ["HELLO", "READY"]
        return client

    def resident(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1024


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    port = free_port()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "REDIS_URL": "", "DATABASE_URL": ""}
    command = [sys.executable, str(Path(__file__).with_name("flood.py")), str(port)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Server(process, port)
        process.kill()


def _code(client: ClientConnection) -> int | None:
    try:
        while True:
            client.recv(10)
    except ConnectionClosed as error:
        return error.rcvd.code if error.rcvd else None


def test_a_frame_of_70_kb_is_1009(server: Server) -> None:
    client = server.open()
    client.send(json.dumps({"op": "HEARTBEAT", "d": "x" * 70_000}))
    assert _code(client) == codes.TOO_LARGE


def test_a_frame_of_60_kb_is_answered(server: Server) -> None:
    with server.open() as client:
        client.send(json.dumps({"op": "HEARTBEAT", "d": "x" * 60_000}))
        assert json.loads(client.recv(5))["op"] == "HEARTBEAT_ACK"


def test_who_reads_gets_everything(server: Server) -> None:
    with server.open() as client:
        client.send(json.dumps({"op": "FLOOD", "d": 500}))
        assert [json.loads(client.recv(10))["op"] for _ in range(500)] == ["DISPATCH"] * 500


def test_who_does_not_read_is_closed_and_costs_little(server: Server) -> None:
    """Threat 32: a non-reader closed within 30 s, less than 5 MB a socket."""
    clients = [server.open(max_queue=1) for _ in range(4)]
    before, began = server.resident(), time.monotonic()
    for client in clients:
        client.send(json.dumps({"op": "FLOOD", "d": 20_000}))  # 200 MB each
    highest = before
    with server.open() as other:
        while time.monotonic() - began < 6:
            time.sleep(0.25)
            highest = max(highest, server.resident())
        other.send(json.dumps({"op": "HEARTBEAT"}))
        assert json.loads(other.recv(5))["op"] == "HEARTBEAT_ACK"
    assert (highest - before) / len(clients) < 5 * 1024**2
    for client in clients:
        received = 0
        try:
            while True:
                client.recv(10)
                received += 1
        except ConnectionClosed:
            assert received < 2_000
    assert time.monotonic() - began < 30
