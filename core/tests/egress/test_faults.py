"""A provider that fails, lies, floods or dawdles costs bounded time and bytes (threats.md, faults)."""

import gzip
import socket
import time
import zlib
from pathlib import Path

import pytest

from core import egress
from core.egress import breaker, pacing
from core.tests.egress.servers import Handler, LoopbackNetwork, Server, answer, policy_for, serving


def asked(server: Server, **changes: object) -> egress.Response:
    return egress.fetch(f"http://127.0.0.1:{server.port}/", policy=policy_for(server, **changes))


def _outcome(server: Server, **changes: object) -> str:
    try:
        asked(server, **changes)
    except egress.EgressError as error:
        return error.code
    return "ok"


def sending(*pieces: bytes, pause: float = 0.0, repeats: int = 1) -> Handler:
    def handle(connection: socket.socket, head: bytes) -> None:
        for _turn in range(repeats):
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)

    return handle


def test_500_opens_the_breaker_and_a_probe_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {"breaker_failures": 3, "breaker_cooldown": 0.3}
    replies = [answer(b"", status="500 Oops")] * 4 + [answer(b"well again")]
    with serving(lambda connection, head: replies.pop(0)(connection, head)) as server:
        for _attempt in range(3):
            with pytest.raises(egress.EgressUnavailable) as caught:
                asked(server, **rules)
            assert caught.value.upstream_status == 500
        with pytest.raises(egress.EgressUnavailable) as caught:
            asked(server, **rules)
        assert server.hits == 3, "an open breaker does not touch the host"
        assert 0 < (caught.value.retry_after or 0) <= 0.3
        assert caught.value.headers["Retry-After"] == "1"

        time.sleep(0.35)
        with pytest.raises(egress.EgressUnavailable):
            asked(server, **rules)  # the probe fails: open again, twice as long
        assert server.hits == 4
        time.sleep(0.35)
        with pytest.raises(egress.EgressUnavailable):
            asked(server, **rules)
        assert server.hits == 4

        time.sleep(0.35)
        assert asked(server, **rules).body == b"well again"
        replies.extend([answer(b"1"), answer(b"2")])
        assert [asked(server, **rules).body, asked(server, **rules).body] == [b"1", b"2"]


def test_only_one_call_probes_a_host_under_suspicion() -> None:
    policy = egress.Policy(hosts=("*",), breaker_failures=1, breaker_cooldown=0.1)
    breaker.admitted("h.example", policy).failed()
    time.sleep(0.15)
    probe = breaker.admitted("h.example", policy)
    with pytest.raises(egress.EgressUnavailable):
        breaker.admitted("h.example", policy)
    probe.succeeded()
    assert breaker.admitted("h.example", policy).probe == ""


def test_a_successful_answer_resets_the_count() -> None:
    policy = egress.Policy(hosts=("*",), breaker_failures=2)
    for _turn in range(3):
        breaker.admitted("h.example", policy).failed()
        breaker.admitted("h.example", policy).succeeded()
    assert breaker.admitted("h.example", policy)


@pytest.mark.parametrize(
    ("status", "error"), [("429 Slow Down", egress.EgressPaced), ("503 Busy", egress.EgressUnavailable)]
)
def test_retry_after_is_honoured(status: str, error: type[egress.EgressError]) -> None:
    with serving(answer(b"", status=status, headers={"Retry-After": "60"})) as server:
        with pytest.raises(error) as caught:
            asked(server)
        assert caught.value.retry_after == 60
        with pytest.raises(egress.EgressPaced) as caught:
            asked(server)
        assert 50 < (caught.value.retry_after or 0) <= 60
        assert server.hits == 1


def test_a_short_retry_after_is_waited_out() -> None:
    replies = [answer(b"", status="429 Slow Down", headers={"Retry-After": "1"}), answer(b"thanks")]
    with serving(lambda connection, head: replies.pop(0)(connection, head)) as server:
        before = time.monotonic()
        with pytest.raises(egress.EgressPaced):
            asked(server)
        assert asked(server).body == b"thanks"
        assert time.monotonic() - before > 1


def test_retry_after_is_read_in_both_forms() -> None:
    from email.utils import formatdate

    assert pacing.retry_after_read("120") == 120
    assert pacing.retry_after_read("99999999999999999999") == pacing.MAX_PAUSE
    assert 25 < (pacing.retry_after_read(formatdate(time.time() + 30)) or 0) <= 30
    assert pacing.retry_after_read(formatdate(time.time() - 30)) == 0
    assert [pacing.retry_after_read(text) for text in ("soon", "", None, "-5", "²")] == [None] * 5


def test_our_rate_is_kept_and_gives_up_past_max_wait() -> None:
    with serving(answer()) as server:
        paced = {"rates": (egress.Rate(5, 0.5),)}
        before = time.monotonic()
        for _turn in range(15):
            asked(server, **paced)
        assert time.monotonic() - before > 0.7, "15 at 5 per half second"
        hits = server.hits
        outcomes = [_outcome(server, **paced, max_wait=0.0) for _turn in range(8)]
        assert "egress_rate_limited" in outcomes
        assert server.hits - hits == outcomes.count("ok") <= 5


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff\x13garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\nnotgzip",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 1\r\n\r\nx",
        b"",
    ],
)
def test_garbage_is_a_named_error(garbage: bytes) -> None:
    with serving(sending(garbage)) as server, pytest.raises((egress.EgressBadAnswer, egress.EgressUnavailable)):
        asked(server)


def test_five_gigabytes_announced_are_not_read() -> None:
    sent = []

    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5368709120\r\n\r\n")
        while True:
            sent.append(connection.send(b"x" * 65536))

    with serving(handle) as server, pytest.raises(egress.EgressTooLarge):
        asked(server, max_bytes=1_000_000)
    assert sum(sent) < 20_000_000  # what fits the socket buffers of both ends


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"])
def test_an_endless_body_stops_at_the_cap(head: bytes) -> None:
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n" if b"chunked" in head else b"x" * 65536

    def handle(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    with serving(handle) as server, pytest.raises(egress.EgressTooLarge):
        asked(server, max_bytes=1_000_000)


def test_an_endless_file_stops_at_the_cap(tmp_path: Path) -> None:
    def handle(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with serving(handle) as server:
        policy = policy_for(server, max_bytes=1_000_000)
        with pytest.raises(egress.EgressTooLarge):
            egress.fetch_to_file(f"http://127.0.0.1:{server.port}/", policy=policy, path=tmp_path / "f")
    assert (tmp_path / "f").stat().st_size <= 1_000_000


def test_tiny_chunks_cannot_multiply_the_bytes_on_the_wire() -> None:
    def handle(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"1;" + b"e" * 8000 + b"\r\nx\r\n")

    with serving(handle) as server, pytest.raises(egress.EgressTooLarge):
        asked(server, max_bytes=100_000)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compression_bomb_is_counted_after_decompression(encoding: str) -> None:
    zeros = b"\0" * 200_000_000
    body = gzip.compress(zeros, 9) if encoding == "gzip" else zlib.compress(zeros, 9)
    del zeros
    assert len(body) < 300_000
    with serving(answer(body, headers={"Content-Encoding": encoding})) as server:
        before = time.monotonic()
        with pytest.raises(egress.EgressTooLarge):
            asked(server, max_bytes=1_000_000)
        assert time.monotonic() - before < 1


def test_headers_are_capped() -> None:
    for flood in (
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"v" * 1000) for n in range(90)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"v" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
    ):
        with serving(sending(flood)) as server, pytest.raises((egress.EgressTooLarge, egress.EgressBadAnswer)):
            asked(server)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"])
def test_one_byte_at_a_time_ends_at_the_deadline(head: bytes) -> None:
    with serving(sending(head, *[b"x"] * 100, pause=0.1)) as server:
        before = time.monotonic()
        with pytest.raises(egress.EgressTimeout):
            asked(server, total_seconds=0.6, idle_seconds=5.0)
        assert time.monotonic() - before < 0.9


def test_silence_ends_at_the_idle_limit() -> None:
    with serving(sending(b"HTTP/1.1 200 OK\r\n\r\npart", pause=3)) as server:
        before = time.monotonic()
        with pytest.raises(egress.EgressTimeout):
            asked(server, idle_seconds=0.3)
        assert time.monotonic() - before < 1


def test_a_peer_that_reads_nothing_cannot_hold_an_upload() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        policy = egress.Policy(
            hosts=("*",), ports=(port,), network=LoopbackNetwork(), total_seconds=0.6, max_request_bytes=64_000_000
        )
        before = time.monotonic()
        with pytest.raises(egress.EgressTimeout):
            egress.fetch(f"http://127.0.0.1:{port}/", policy=policy, method="POST", body=b"x" * 50_000_000)
        assert time.monotonic() - before < 1.5


def test_a_slow_name_look_up_is_left_behind() -> None:
    class Slow(LoopbackNetwork):
        def resolve(self, host: str, port: int) -> list[str]:
            time.sleep(2)
            return ["127.0.0.1"]

    with serving(answer()) as server:
        before = time.monotonic()
        with pytest.raises(egress.EgressTimeout):
            egress.fetch(
                f"http://slow.example:{server.port}/", policy=policy_for(server, network=Slow(), connect_seconds=0.2)
            )
        assert time.monotonic() - before < 1


def test_a_name_without_address_and_a_closed_port_are_unavailable() -> None:
    with serving(answer()) as server:
        with pytest.raises(egress.EgressUnavailable):
            egress.fetch(f"http://nowhere.example:{server.port}/", policy=policy_for(server))
        server.close()
        with socket.create_server(("127.0.0.1", 0)) as unused:
            port = unused.getsockname()[1]
        policy = egress.Policy(hosts=("*",), ports=(port,), network=LoopbackNetwork())
        with pytest.raises(egress.EgressUnavailable):
            egress.fetch(f"http://127.0.0.1:{port}/", policy=policy)


def test_refusals_of_ours_do_not_count_against_the_host() -> None:
    replies = [answer(b"x" * 100)] * 5 + [answer(b"ok")]
    with serving(lambda connection, head: replies.pop(0)(connection, head)) as server:
        for _turn in range(5):
            with pytest.raises(egress.EgressTooLarge):
                asked(server, max_bytes=50, breaker_failures=2)
        assert asked(server, max_bytes=50, breaker_failures=2).body == b"ok"
