"""Run the project's own commands as processes of a test: start, read what they say, stop."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


class Running:
    """A process whose output goes to a file; `text()` is what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self.output = output

    def text(self) -> str:
        """Standard output and error so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, words: str, seconds: float = 60) -> float:
        """Seconds until `words` were said. Raises AssertionError with the output otherwise."""
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            if words in self.text():
                return time.monotonic() - started
            if self.process.poll() is not None:
                break
            time.sleep(0.03)
        raise AssertionError(f"{words!r} was not said (code {self.process.poll()}):\n{self.text()[-4000:]}")

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 15) -> tuple[int, float]:
        """Exit code and how many seconds the end took."""
        started = time.monotonic()
        self.process.send_signal(how)
        return self.process.wait(seconds), time.monotonic() - started

    def resident(self) -> int:
        """Resident bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1024


def environment(**values: str) -> dict[str, str]:
    """A clean environment: nothing of the test's own settings, services or data folder leaks into the process."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", "LOG_FORMAT": "json", **values}


@contextlib.contextmanager
def running(command: Sequence[str], folder: Path, **values: str) -> Iterator[Running]:
    """`command` with this environment, killed at the end with all it started; the output is kept in `folder`."""
    output = folder / f"output-{time.monotonic_ns()}"
    with output.open("wb") as file:
        process = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env=environment(**values),
            stdout=file,
            stderr=subprocess.STDOUT,
            # A shell that put the test run into the background had SIGINT ignored, and that is inherited.
            preexec_fn=_default_signals,
            # A group of its own: what the process started (granian's workers) is killed with it.
            start_new_session=True,
        )
    try:
        yield Running(process, output)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _default_signals() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextlib.contextmanager
def up(data: Path, port: int, *, is_empty: bool = False, **values: str) -> Iterator[Running]:
    """`manage.py up` on 127.0.0.1; yields at once, so wait for "Hiroba is at".

    A new `data` gets a database whose tables are there, unless it `is_empty`, as a newcomer's is.
    """
    from tests.services.databases import migrated_put  # uses this module

    data.mkdir(parents=True, exist_ok=True)
    if not is_empty and not any(data.iterdir()):
        migrated_put(data)
    arguments = {"DATA_DIR": str(data), "PORT": str(port), **values}
    with running([sys.executable, "manage.py", "up"], data.parent, **arguments) as process:
        yield process


def get(port: int, path: str, **headers: str) -> tuple[int, bytes]:
    """Status and body of a GET on 127.0.0.1."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
