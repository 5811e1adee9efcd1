"""The checks behind `/ready`: database, broker and cache, disk."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection

DISK_FLOOR_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One look: `detail` is for staff only, `milliseconds` is how long it took."""

    name: str
    is_ok: bool
    detail: str
    milliseconds: float


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return connection.vendor


def _broker() -> str:
    if not settings.REDIS_URL:
        return "in-process"
    import redis

    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
    try:
        client.ping()
    finally:
        client.close()
    return "redis"


def _cache() -> str:
    cache.set("health", "1", timeout=10)
    if cache.get("health") != "1":
        raise RuntimeError("a value that was written could not be read")
    return "ok"


def _disk() -> str:
    free = shutil.disk_usage(Path(settings.DATA_DIR)).free
    if free < DISK_FLOOR_BYTES:
        raise RuntimeError(f"{free // 2**20} MiB free, less than {DISK_FLOOR_BYTES // 2**20} MiB")
    return f"{free // 2**20} MiB free"


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "broker": _broker, "cache": _cache, "disk": _disk}


def readiness() -> list[Check]:
    """Every check, run one after another; a check that raises is not ok and says why."""
    found = []
    for name, look in CHECKS.items():
        started = time.monotonic()
        try:
            detail, is_ok = look(), True
        except Exception as error:
            detail, is_ok = f"{type(error).__name__}: {error}"[:300], False
        found.append(Check(name, is_ok, detail, round((time.monotonic() - started) * 1000, 1)))
    return found
