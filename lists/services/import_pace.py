"""How much of an import goes into one transaction: SQLite has one writer, and everybody else's writes wait for it."""

import time
from collections.abc import Callable

from django.db import connection

LEAST, FIRST, MOST = 20, 100, 500
"""Lines a transaction. Elsewhere than on SQLite only the person's own rows are held: always the most."""
AIM = 0.15
"""Seconds that a transaction should take on SQLite; more or fewer lines follow from how long the last one took."""
REST = 0.05
"""Seconds between two of them. SQLite has who waits look again after 1, 2, 5 … ms, for the first fifth of a second at most
50 ms apart: so they come between two transactions of `AIM`. With shorter pauses many came too late for several of them.
"""


def paced(work: Callable[[int], int], told: Callable[[], object] = lambda: None) -> None:
    """Call `work` with how many lines it should do in one transaction until it says that it did none; `told` after each."""
    is_shared = connection.vendor == "sqlite"
    lines = FIRST if is_shared else MOST
    while True:
        began = time.monotonic()
        done = work(lines)
        if not done:
            return
        told()
        if is_shared:
            lines = lines_next(done, time.monotonic() - began)
            rest()


def lines_next(done: int, seconds: float) -> int:
    """How many lines the next transaction should take when `done` took so long: at most twice as many, at least a quarter."""
    fitting = done * AIM / max(seconds, 0.001)
    return round(min(max(fitting, done / 4, LEAST), done * 2, MOST)) if done >= LEAST else LEAST


def rest() -> None:
    """Let others write, on SQLite; not within somebody's transaction, where they could not."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(REST)


__all__ = ["AIM", "MOST", "REST", "lines_next", "paced", "rest"]
