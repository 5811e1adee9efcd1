"""The embedded server on a real port: limits, back-pressure, slow and leaving clients, an orderly stop."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services.instances import free_port

pytestmark = pytest.mark.once
TINY = Path(__file__).with_name("tiny.py")


@dataclass
class Tiny:
    process: subprocess.Popen[str]
    port: int
    marks: Path
    big: Path

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)

    def raw(self, request: bytes, *, most: int = 65536) -> bytes:
        """Send bytes as they are and read until the server hangs up or `most` bytes came."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as client:
            client.sendall(request)
            answer = b""
            with contextlib.suppress(ConnectionResetError):
                while len(answer) < most and (data := client.recv(65536)):
                    answer += data
            return answer

    def rss(self) -> int:
        """Resident bytes of the server."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    folder = tmp_path_factory.mktemp("tiny")
    big = folder / "big"
    with big.open("wb") as file:
        for number in range(64):
            file.write(bytes([number]) * 1024 * 1024)
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(folder / "data"),
        "MARKS": str(folder),
        "BIG_FILE": str(big),
    }
    process = subprocess.Popen(
        [sys.executable, str(TINY), str(port)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield Tiny(process, port, folder, big)
    process.send_signal(signal.SIGTERM)  # a shell that starts tests in the background has SIGINT ignored
    assert process.wait(5) == 0


def test_a_request_arrives_whole(tiny: Tiny) -> None:
    connection = tiny.connect()
    connection.request("POST", "/echo/%E3%83%8F?q=%20x", body=b"abc", headers={"X-One": "1", "Cookie": "a=1"})
    seen = json.loads(connection.getresponse().read())
    environ = seen["environ"]
    assert seen["size"] == 3
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/echo/ハ"
    assert environ["QUERY_STRING"] == "q=%20x"
    assert environ["CONTENT_LENGTH"] == "3"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["HTTP_X_ONE"] == "1"
    assert environ["wsgi.url_scheme"] == "http"


def test_one_connection_serves_many_requests(tiny: Tiny) -> None:
    connection = tiny.connect()
    for _ in range(50):
        connection.request("GET", "/")
        assert connection.getresponse().read()


def test_a_chunked_body_has_its_length(tiny: Tiny) -> None:
    connection = tiny.connect()
    connection.request(
        "POST", "/", body=iter([b"ab", b"cde"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
    )
    seen = json.loads(connection.getresponse().read())
    assert seen["size"] == 5
    assert seen["environ"]["CONTENT_LENGTH"] == "5"


def test_head_has_headers_only(tiny: Tiny) -> None:
    answer = tiny.raw(b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Length: " in head
    assert re.search(rb"Date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", head)
    assert body == b""


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(10_000)), b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 100_000 + b"\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\nContent-Length: 9000000\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n", b"400"),
    ],
)
def test_oversized_and_malformed_heads_are_refused_at_once(tiny: Tiny, request_head: bytes, status: bytes) -> None:
    before, started = tiny.rss(), time.monotonic()
    with socket.create_connection(("127.0.0.1", tiny.port), timeout=10) as client:
        client.sendall(request_head + b"\r\n")
        answer = client.recv(65536)
    assert time.monotonic() - started < 0.5
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert tiny.rss() - before < 10 * 1024 * 1024


def test_a_refused_json_body_is_answered_with_a_problem_while_it_is_sent(tiny: Tiny) -> None:
    connection = tiny.connect()
    connection.request("POST", "/", body=b"[" * 10_000_000, headers={"Content-Type": "application/json"})
    response = connection.getresponse()
    assert response.status == 413
    assert json.loads(response.read())["error"] == "payload_too_large"


def test_an_endless_chunked_body_is_cut_off(tiny: Tiny) -> None:
    with socket.create_connection(("127.0.0.1", tiny.port), timeout=10) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        before = tiny.rss()
        chunk = b"%x\r\n" % 65536 + b"z" * 65536 + b"\r\n"
        for _ in range(60):
            client.sendall(chunk)
        assert client.recv(4096).startswith(b"HTTP/1.1 413")
    assert tiny.rss() - before < 10 * 1024 * 1024


def test_a_large_upload_goes_to_disk(tiny: Tiny) -> None:
    connection = tiny.connect()
    connection.request("POST", "/", body=b"u" * 7_000_000, headers={"Content-Type": "multipart/form-data; boundary=x"})
    answer = json.loads(connection.getresponse().read())
    assert answer.get("size") == 7_000_000, answer


def test_a_file_arrives_whole(tiny: Tiny) -> None:
    connection = tiny.connect()
    connection.request("GET", "/file")
    assert connection.getresponse().read() == tiny.big.read_bytes()


@pytest.mark.parametrize(
    ("offset", "length"), [(0, 1_000_000), (1_048_570, 200_000), (60 * 1024**2, 4 * 1024**2), (7, 9)]
)
def test_a_part_of_a_file_arrives_and_the_connection_goes_on(tiny: Tiny, offset: int, length: int) -> None:
    whole = tiny.big.read_bytes()
    connection = tiny.connect()
    for _turn in range(3):
        connection.request("GET", f"/part?{offset}-{length}")
        answer = connection.getresponse()
        assert (answer.status, answer.read() == whole[offset : offset + length]) == (206, True)
        connection.request("GET", "/")
        assert connection.getresponse().read()


def test_requests_sent_ahead_are_answered_in_order(tiny: Tiny) -> None:
    ask = b"GET /part?0-300000 HTTP/1.1\r\nHost: x\r\n%s\r\n"
    answer = tiny.raw(ask % b"" + ask % b"Connection: close\r\n", most=2_000_000)
    first, second = answer.split(b"HTTP/1.1 206 ")[1:]
    assert first.endswith(bytes(300_000))
    assert second.endswith(bytes(300_000))


def test_a_file_that_is_shorter_than_was_said_ends_the_connection(tiny: Tiny) -> None:
    answer = tiny.raw(b"GET /shrunk HTTP/1.1\r\nHost: x\r\n\r\n", most=2_000_000)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Length: 1000000" in head
    assert body == TINY.read_bytes()


def test_twenty_slow_readers_get_their_file_and_hold_up_nobody(tiny: Tiny) -> None:
    whole = tiny.big.read_bytes()
    readers = [socket.create_connection(("127.0.0.1", tiny.port), timeout=10) for _ in range(20)]
    for reader in readers:
        reader.sendall(b"GET /file HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    connection = tiny.connect()
    for _turn in range(20):
        connection.request("GET", "/")
        assert connection.getresponse().read()
    for reader in readers[1:]:
        reader.close()  # in the middle of their files
    with readers[0].makefile("rb") as answer:
        assert answer.read().partition(b"\r\n\r\n")[2] == whole
    readers[0].close()


def test_a_reader_that_stops_holds_neither_memory_nor_a_thread(tiny: Tiny) -> None:
    before = tiny.rss()
    readers = [socket.create_connection(("127.0.0.1", tiny.port), timeout=10) for _ in range(8)]
    for reader in readers:
        reader.sendall(b"GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
        reader.recv(1024)
    time.sleep(1.0)
    grown = tiny.rss() - before
    started = time.monotonic()
    connection = tiny.connect()
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
    assert time.monotonic() - started < 0.5
    assert grown < 24 * 1024 * 1024, f"{grown} bytes for 8 readers of 64 MB each"
    for reader in readers:
        reader.close()


def test_a_stream_is_closed_when_its_reader_leaves(tiny: Tiny) -> None:
    mark = tiny.marks / "closed"
    with socket.create_connection(("127.0.0.1", tiny.port), timeout=10) as reader:
        reader.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        reader.recv(100_000)
    deadline = time.monotonic() + 5
    while not (mark.exists() and mark.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert int(mark.read_text()) < 64


def test_too_many_waiting_requests_are_told_to_come_back(tiny: Tiny) -> None:
    connections = [tiny.connect() for _ in range(8)]
    for connection in connections:
        connection.request("GET", "/slow")
    answers = [connection.getresponse() for connection in connections]
    statuses = sorted(answer.status for answer in answers)
    assert statuses == [200] * 4 + [503] * 4
    refused = next(answer for answer in answers if answer.status == 503)
    assert refused.getheader("Retry-After") == "1"
    assert json.loads(refused.read())["error"] == "service_unavailable"


def test_what_waits_aside_holds_up_nothing_else(tiny: Tiny) -> None:
    began = time.monotonic()
    aside = [tiny.connect() for _ in range(6)]
    for connection in aside:
        connection.request("POST", "/aside", body=b"x")
    for _turn in range(3):
        with contextlib.closing(tiny.connect()) as other:
            other.request("GET", "/")
            assert other.getresponse().status == 200
    assert time.monotonic() - began < 1.9, "the second one aside is not over"
    assert sorted(connection.getresponse().status for connection in aside) == [200] * 4 + [503] * 2
    assert time.monotonic() - began >= 4, "one after the other"


def test_a_socket_without_a_route_is_opened_and_closed_with_a_code(tiny: Tiny) -> None:
    answer = tiny.raw(
        b"GET /nowhere HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 101")
    assert answer.endswith(b"\x88\x02" + (4004).to_bytes(2, "big"))


def test_a_stop_lets_a_running_request_finish(tiny: Tiny, tmp_path: Path) -> None:
    port = free_port()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path), "MARKS": "/"}
    process = subprocess.Popen(
        [sys.executable, str(TINY), str(port)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    idle = http.client.HTTPConnection("127.0.0.1", port)
    idle.request("GET", "/")
    idle.getresponse().read()
    busy = http.client.HTTPConnection("127.0.0.1", port)
    busy.request("GET", "/slow")
    time.sleep(0.3)
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert busy.getresponse().status == 200
    assert process.wait(5) == 0
    assert time.monotonic() - started < 4
