"""Sending a large file: the embedded server with the site's own answer against Python's best, a socket server with `sendfile`.

`python -m bench.file_serving [--megabytes 500] [--rounds 7]` prints throughput, the server's processor time and their ratio.
"""

import argparse
import os
import resource
import socket
import socketserver
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.accounting import cpu_seconds
from bench.goals import Goal, goals_tell
from bench.report import say
from tests.services.instances import free_port
from tests.services.processes import ROOT, environment

BUFFER = 1024 * 1024
PROMISED = 0.9
WARM = 1  # rounds that are not counted


def main() -> None:
    """Measure both, round by round in turn, so that a busy machine is busy for both."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=int, default=500)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--serve", choices=sorted(SERVERS), help=argparse.SUPPRESS)
    options.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        SERVERS[given.serve](given.port, Path(os.environ["BENCH_FILE"]))
        return
    with tempfile.TemporaryDirectory(prefix="hiroba-files-") as folder:
        file = Path(folder) / "episode.mkv"
        block = os.urandom(BUFFER)
        with file.open("wb") as out:
            for _number in range(given.megabytes):
                out.write(block)
        _measure(file, given.rounds)


def _measure(file: Path, rounds: int) -> None:
    size = file.stat().st_size
    seconds: dict[str, list[float]] = {name: [] for name in SERVERS}
    cpu: dict[str, list[float]] = {name: [] for name in SERVERS}
    started = {name: _start(name, file) for name in SERVERS}
    try:
        for turn in range(rounds + WARM):
            for name, (process, port) in started.items():
                before, began = cpu_seconds([process.pid]), time.perf_counter()
                _fetch(port, size)
                if turn >= WARM:
                    seconds[name].append(time.perf_counter() - began)
                    cpu[name].append(cpu_seconds([process.pid]) - before)
    finally:
        for process, _port in started.values():
            process.terminate()
            process.wait(20)
    say(f"{size / 1e6:.0f} MB over loopback, best of {rounds} rounds in turn")
    for name in SERVERS:
        say(
            f"{name:>10}: {size / min(seconds[name]) / 1e6:6.0f} MB/s (median {size / _middle(seconds[name]) / 1e6:.0f}), "
            f"{_middle(cpu[name]) * 1000:4.0f} ms of processor a file"
        )
    ratio = min(seconds["sendfile"]) / min(seconds["hiroba"])
    goals_tell([Goal("sending against sendfile", ratio, PROMISED, "×", is_floor=True)])


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _start(name: str, file: Path) -> tuple[subprocess.Popen[str], int]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.file_serving", "--serve", name, "--port", str(port)],
        cwd=ROOT,
        env=environment(
            DATA_DIR=str(file.parent / "data"), BENCH_FILE=str(file), DJANGO_SETTINGS_MODULE="config.settings"
        ),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n", name
    return process, port


def _fetch(port: int, size: int) -> None:
    buffer = bytearray(BUFFER)
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /file HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        got = 0
        while number := client.recv_into(buffer):
            got += number
    assert size < got < size + 4096, f"{got} bytes of {size}"


def _ready() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def _serve_plain(port: int, file: Path) -> None:
    """What Python can do: a thread, one system call."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            with file.open("rb") as source:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % file.stat().st_size)
                self.connection.sendfile(source)

    with socketserver.ThreadingTCPServer(("127.0.0.1", port), Handler) as server:
        _ready()
        server.serve_forever()


def _serve_ours(port: int, file: Path) -> None:
    """The embedded server, the bridge, Django, and the answer that streams and tickets give."""
    import django

    from core.serve.http_server import EmbeddedServer

    django.setup()
    from channels.routing import ProtocolTypeRouter
    from django.core.handlers.wsgi import WSGIRequest

    from catalog.streaming.ranges import file_response
    from core.serve.wsgi_bridge import WSGIBridge

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        response: Any = file_response(WSGIRequest(environ), file)
        start_response("200 OK", list(response.items()))
        response.file_to_stream.close = response.close
        return environ["wsgi.file_wrapper"](response.file_to_stream, response.block_size)

    bridge = WSGIBridge(application)
    server = EmbeddedServer(
        ProtocolTypeRouter({"http": bridge}),
        endpoint=f"tcp:port={port}:interface=127.0.0.1",
        body_limit=1024,
        on_ready=_ready,
        on_stopping=lambda: None,
        on_stopped=lambda: bridge.stop(0.5),
    )
    server.run()


SERVERS: dict[str, Callable[[int, Path], None]] = {"sendfile": _serve_plain, "hiroba": _serve_ours}

if __name__ == "__main__":
    main()
