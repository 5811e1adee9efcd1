"""Start what is measured, each as it would run in production, two worker processes each."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.accounting import cpu_seconds, family
from tests.services.instances import free_port
from tests.services.processes import BIN, ROOT, environment

START_SECONDS = 60
BELIEVED = {"TRUSTED_PROXIES": "127.0.0.1"}  # so that the bench can be many clients, each with limits of its own


@dataclass(frozen=True, slots=True)
class Server:
    """A running server at 127.0.0.1:`port`; `pids` are the processes that were started (their children belong to it)."""

    name: str
    port: int
    pids: tuple[int, ...]

    def cpu(self) -> float:
        """CPU seconds that all its processes took so far."""
        return cpu_seconds([member for pid in self.pids for member in family(pid)])

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of one GET."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


@contextlib.contextmanager
def hiroba(data: Path, database: str, *, cache: bool, workers: int = 2) -> Iterator[Server]:
    """Hiroba's HTTP as compose.yaml runs it: granian, WSGI, one blocking thread a worker."""
    port = free_port()
    command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    command += ["--workers", str(workers), "--blocking-threads", "1", "config.wsgi:application"]
    values = {"DATA_DIR": str(data), "DATABASE_URL": database, "RESPONSE_CACHE": str(int(cache)), **BELIEVED}
    with _started(f"hiroba-{'cache' if cache else 'plain'}", [command], port, data.parent, **values) as server:
        yield server


@contextlib.contextmanager
def sign_in(data: Path, database: str) -> Iterator[Server]:
    """The process that compose.yaml has for POSTs that hash a password."""
    port = free_port()
    command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    command += ["--workers", "1", "--blocking-threads", "4", "config.wsgi:application"]
    values = {"DATA_DIR": str(data), "DATABASE_URL": database, **BELIEVED}
    with _started("sign-in", [command], port, data.parent, **values) as server:
        yield server


@contextlib.contextmanager
def fastapi(folder: Path, database: str) -> Iterator[Server]:
    """uvicorn with uvloop and httptools, two workers, no access log."""
    port = free_port()
    command = [str(BIN / "uvicorn"), "bench.peers.fastapi_peer:app", "--port", str(port), "--workers", "2"]
    command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    with _started("fastapi", [command], port, folder, PEER_DATABASE=database) as server:
        yield server


@contextlib.contextmanager
def drf(folder: Path, database: str) -> Iterator[Server]:
    """Two daphne processes that accept from one listening socket."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(256)
        listening.set_inheritable(True)
        command = [
            str(BIN / "daphne"),
            "--fd",
            str(listening.fileno()),
            "-v",
            "0",
            "bench.peers.drf_defaults.asgi:application",
        ]
        values = {"PEER_DATABASE": database, "DJANGO_SETTINGS_MODULE": "bench.peers.drf_defaults.settings"}
        port = listening.getsockname()[1]
        with _started("drf", [command, command], port, folder, (listening.fileno(),), **values) as server:
            yield server


@contextlib.contextmanager
def embedded(data: Path) -> Iterator[Server]:
    """`manage.py up` on the SQLite of `data`: web, worker and beat in one process."""
    port = free_port()
    values = {"DATA_DIR": str(data), "PORT": str(port), **BELIEVED}
    with _started("embedded", [[sys.executable, "manage.py", "up"]], port, data.parent, **values) as server:
        yield server


@contextlib.contextmanager
def _started(
    name: str, commands: Sequence[Sequence[str]], port: int, folder: Path, fds: tuple[int, ...] = (), **values: str
) -> Iterator[Server]:
    log = folder / f"{name}.log"
    values = {"LOG_LEVEL": "WARNING", "LOG_FORMAT": "json", **values}
    with log.open("wb") as output:
        processes = [
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment(**values),
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=fds,
                preexec_fn=_own_group,
            )
            for command in commands
        ]
        try:
            server = Server(name, port, tuple(process.pid for process in processes))
            _wait(server, processes, log)
            yield server
        finally:
            for process in processes:
                process.send_signal(signal.SIGINT)
            for process in processes:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


def _own_group() -> None:
    """A group of its own, so that a worker which outlives its parent can be ended; SIGINT as in a terminal."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _wait(server: Server, processes: list[subprocess.Popen[bytes]], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and all(process.poll() is None for process in processes):
        with contextlib.suppress(OSError, http.client.HTTPException):
            if server.get("/api/v1/anime?page_size=1")[0] == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"{server.name} did not start:\n{log.read_text(errors='replace')[-3000:]}")
