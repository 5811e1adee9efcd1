"""What must be true before the site can start; each failure is one line for the operator and exit code 2.

Nothing here imports Django at module level: `manage.py` runs `check_environment` before the settings are read.
"""

from __future__ import annotations

import errno
import fcntl
import ipaddress
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

MINIMUM_PYTHON = (3, 11)
EXIT_CODE = 2
DATABASE_SCHEMES = ("postgres://", "postgresql://", "pgsql://", "sqlite://")
REDIS_SCHEMES = ("redis://", "rediss://", "unix://")


class CannotStart(Exception):
    """A reason not to start, as one line for the operator."""


def check_environment(environ: Mapping[str, str], base: Path) -> None:
    """Python, PORT, HOST, DATA_DIR and the form of the addresses. Raises CannotStart."""
    if sys.version_info < MINIMUM_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise CannotStart(f"Python 3.11 or newer is needed, this is {found}")
    address(environ)
    data_dir = Path(environ.get("DATA_DIR") or base / "data").expanduser()
    check_data_dir(data_dir)
    for name, schemes in (("DATABASE_URL", DATABASE_SCHEMES), ("REDIS_URL", REDIS_SCHEMES)):
        value = environ.get(name, "")
        if value and not value.startswith(schemes):
            raise CannotStart(f"{name} must start with one of {', '.join(schemes)}")


def address(environ: Mapping[str, str]) -> tuple[str, int]:
    """HOST and PORT to listen on; 127.0.0.1 and 8000 unless given. Raises CannotStart."""
    host, port = environ.get("HOST") or "127.0.0.1", environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {port!r}")
    return host, int(port)


def check_data_dir(path: Path) -> None:
    """DATA_DIR can be made and written to. Raises CannotStart."""
    probe = path / f".writable-{os.getpid()}"
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise CannotStart(f"DATA_DIR {path} cannot be written to: {error.strerror or error}") from None


def check_port(host: str, port: int) -> None:
    """Nobody listens on the address and it belongs to this machine. Raises CannotStart."""
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise CannotStart(f"HOST {host!r} is not an address of this machine") from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(target)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotStart(
                    f"port {port} on {host} is in use; choose another: PORT={port + 1} make run"
                ) from None
            if error.errno == errno.EACCES:
                raise CannotStart(f"port {port} needs more rights than this user has; use one above 1023") from None
            raise CannotStart(f"cannot listen on {host}:{port}: {error.strerror}") from None


def numeric(host: str) -> str:
    """`host` as an IP address: what the socket will be bound to."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])


def hold_data_dir(path: Path) -> IO[str]:
    """Hold DATA_DIR for this process until the returned file is closed. Raises CannotStart when another one has it.

    The lock is the kernel's: it goes away with the process, however that ends.
    """
    file = (path / "up.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise CannotStart(f"DATA_DIR {path} is in use by another `manage.py up` (process {holder})") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def check_database() -> None:
    """The database answers and takes our migrations. Raises CannotStart."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, ImproperlyConfigured) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise CannotStart(f"the database {_named(connection.settings_dict)} cannot be reached: {reason}") from None


def check_broker() -> None:
    """Redis answers, when there is one. Raises CannotStart."""
    from django.conf import settings

    if not settings.REDIS_URL:
        return
    import redis

    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        shown = settings.REDIS_URL.rpartition("@")[2].removeprefix("redis://")
        raise CannotStart(f"Redis at {shown} cannot be reached: {str(error).splitlines()[0]}") from None


def _named(database: Mapping[str, object]) -> str:
    """How to name a database without its password."""
    if str(database["ENGINE"]).endswith("sqlite3"):
        return str(database["NAME"])
    return f"{database['NAME']} at {database.get('HOST') or 'the local socket'}:{database.get('PORT') or 5432}"
