"""Timing calls inside a process: whole requests through all middleware, without a network."""

import time
from collections.abc import Callable
from typing import Any

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
"""How statements begin that move transactions, not rows."""


def timed(turns: int, work: Callable[[int], Any], *, warm: int = 2) -> dict[str, float]:
    """p50 and p95 in milliseconds, after `warm` turns that fill what a process keeps."""
    for turn in range(warm):
        work(turn)
    times = []
    for turn in range(turns):
        began = time.perf_counter()
        work(turn)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return {"p50": times[len(times) // 2], "p95": times[int(len(times) * 0.95)]}


def answered(response: Any, status: int = 200) -> Any:
    """The response, if it is what was hoped for; raises AssertionError with its beginning else."""
    body = b"" if response.streaming else response.content[:500]
    assert response.status_code == status, (response.status_code, body)
    return response


def queries_of(work: Callable[[], Any]) -> int:
    """How many statements of it read or write rows."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not query["sql"].startswith(CONTROL) for query in captured)
