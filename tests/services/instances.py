"""Start and stop private instances: `with postgres() as url`, `with redis() as url`.

Each lives in a temporary folder and listens on 127.0.0.1 at a free port only. PostgreSQL refuses to run as root, so
root runs it as the user `postgres`, or `nobody` where there is none.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

START_SECONDS = 30
POSTGRES_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "jit": "off",
}


class ServiceError(RuntimeError):
    """A private instance did not start; the message carries the end of its log."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def postgres_folder() -> Path | None:
    """Where `initdb` and `postgres` of the newest installed version are, or None."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/local/pgsql").glob("bin")]
    found.sort(key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0)
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    usable = [folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return usable[-1] if usable else None


def redis_binary() -> str | None:
    """The Redis (or Valkey) server on PATH or in /usr/sbin, or None."""
    return (
        shutil.which("redis-server") or shutil.which("valkey-server") or shutil.which("redis-server", path="/usr/sbin")
    )


WHOLE_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def chromium_binary() -> str | None:
    """Debian's Chromium (the one without windows is the lighter), Google Chrome or what CHROMIUM names, or None."""
    return _found(os.environ.get("CHROMIUM", ""), "chromium-headless-shell", *WHOLE_CHROMIUM)


def chromium_whole_binary() -> str | None:
    """The Chromium that people use, which also shows notifications, or None."""
    return _found(os.environ.get("CHROMIUM", ""), *WHOLE_CHROMIUM)


def _found(*names: str) -> str | None:
    return next((found for name in names if name and (found := shutil.which(name))), None)


def _identity() -> dict[str, Any]:
    """Popen arguments that make a root process run as an ordinary user."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid}
    raise ServiceError("PostgreSQL refuses to run as root and there is neither a user `postgres` nor `nobody`")


def _wait(process: subprocess.Popen[bytes], log: Path, ready: tuple[str, ...]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        text = log.read_text(errors="replace")
        if any(words in text for words in ready):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise ServiceError(f"{process.args!r} did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    process.send_signal(how)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Instance:
    """One private server: its URL, and `stop`/`start` for tests that break it on purpose."""

    def __init__(self, url: str, command: list[str], folder: Path, ready: tuple[str, ...], how: signal.Signals) -> None:
        self.url = url
        self.folder = folder
        self._command = command
        self._ready = ready
        self._how = how
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it accepts connections."""
        log = self.folder / "log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                self._command, stdout=output, stderr=subprocess.STDOUT, cwd=self.folder, **self._user()
            )
        _wait(self._process, log, self._ready)

    def stop(self, how: signal.Signals | None = None) -> None:
        """Stop the server; `how` is the signal (SIGQUIT stops PostgreSQL as a crash would)."""
        if self._process is not None:
            _end(self._process, how or self._how)
            self._process = None

    def _user(self) -> dict[str, Any]:
        return _identity() if self._command[0].endswith("postgres") else {}


@contextlib.contextmanager
def postgres() -> Iterator[Instance]:
    """A PostgreSQL whose superuser `hiroba` owns an empty database `hiroba`.

    The locale is C.UTF-8: under plain C the extension pg_trgm sees no Cyrillic letters.
    """
    binaries = postgres_folder()
    if binaries is None:
        raise ServiceError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="hiroba-postgres-"))
    identity = _identity()
    try:
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        data, port = folder / "data", free_port()
        initdb = [
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "hiroba",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ]
        subprocess.run(
            [*initdb, *_locale(binaries)],
            check=True,
            capture_output=True,
            cwd=folder,
            **identity,
        )
        options = {
            **POSTGRES_SETTINGS,
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
        }
        command = [str(binaries / "postgres"), "-D", str(data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        url = f"postgres://hiroba@127.0.0.1:{port}/hiroba"
        instance = Instance(url, command, folder, ("ready to accept connections",), signal.SIGINT)
        instance.start()
        try:
            _create_database(port)
            yield instance
        finally:
            instance.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _locale(binaries: Path) -> list[str]:
    """C.UTF-8 by PostgreSQL's own provider from version 17 on, by the C library before."""
    text = subprocess.run([str(binaries / "postgres"), "--version"], check=True, capture_output=True, text=True)
    major = int(text.stdout.split()[2].split(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz"))
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _create_database(port: int) -> None:
    import psycopg

    with psycopg.connect(host="127.0.0.1", port=port, user="hiroba", dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE hiroba")


@contextlib.contextmanager
def redis() -> Iterator[Instance]:
    """A Redis without persistence and with 64 databases (one per xdist worker)."""
    binary = redis_binary()
    if binary is None:
        raise ServiceError("Redis is not installed")
    folder = Path(tempfile.mkdtemp(prefix="hiroba-redis-"))
    try:
        port = free_port()
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        command += ["--databases", "64", "--dir", str(folder), "--daemonize", "no"]
        instance = Instance(
            f"redis://127.0.0.1:{port}/0", command, folder, ("Ready to accept connections",), signal.SIGTERM
        )
        instance.start()
        try:
            yield instance
        finally:
            instance.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
