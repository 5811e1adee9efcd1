"""Writes that a read must not wait for: a mark such as "last seen" is left out when the database is busy."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

PATIENCE = 25
"""Milliseconds that such a write waits for SQLite's one writer, where others wait 20 seconds."""


@contextmanager
def brief_writes() -> Iterator[None]:
    """Run the block's writes or, when another holds SQLite's write lock, give up without an error.

    PostgreSQL locks rows, not the file: nothing changes there. Inside a transaction the lock is held already.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    usual = int(float(connection.settings_dict["OPTIONS"].get("timeout", 5)) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        yield
    except OperationalError as error:
        if "locked" not in str(error):
            raise
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
