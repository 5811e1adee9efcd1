"""The parts of `/health/detailed` that belong to the site itself: database, disk, broker and cache."""

import shutil
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from core.health.checks import CHECKS, DISK_FLOOR_BYTES
from core.health.registry import DATABASE, Part, State, health_part

GIGABYTE = 10**9


@health_part(DATABASE, uses_database=True, if_broken=State.UNHEALTHY)
def database() -> Part:
    """Milliseconds of one statement."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    taken = round((time.perf_counter() - began) * 1000, 1)
    return Part(State.HEALTHY, {"status": "connected", "response_time_ms": taken, "engine": connection.vendor})


@health_part("filesystem", if_broken=State.UNHEALTHY)
def filesystem() -> Part:
    """The disk of the site's data."""
    try:
        free = shutil.disk_usage(Path(settings.DATA_DIR)).free
    except OSError as error:
        return Part(State.UNHEALTHY, {"status": "inaccessible", "error": error.strerror or ""})
    is_low = free < DISK_FLOOR_BYTES
    facts = {"status": "full" if is_low else "accessible", "disk_free_gb": round(free / GIGABYTE, 1)}
    return Part(State.UNHEALTHY if is_low else State.HEALTHY, facts)


@health_part("broker", if_broken=State.UNHEALTHY)
def broker() -> Part:
    """What brings work to workers; raises what the connection raises."""
    return Part(State.HEALTHY, {"status": "connected", "kind": CHECKS["broker"]()})


@health_part("cache", if_broken=State.UNHEALTHY)
def cache() -> Part:
    CHECKS["cache"]()
    return Part(State.HEALTHY, {"status": "connected"})
