"""What `/health/detailed` tells: apps add parts of their own, and each is asked for a bounded time."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import structlog
from django.db import connection, transaction

log = structlog.get_logger("health")

SECONDS = 2.0
"""So long a part may take."""
DATABASE = "database"
"""The part that those which ask the database stand or fall with."""


class State(IntEnum):
    """The worst of all parts is that of the site. `DEGRADED`: pages are served, and something of it does not work."""

    HEALTHY = 0
    DEGRADED = 1
    UNHEALTHY = 2

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Part:
    """What one look found. `facts` are JSON for staff: `status` first, a word of the part's own."""

    state: State
    facts: Mapping[str, Any]


Look = Callable[[], Part]


@dataclass(frozen=True, slots=True)
class _Known:
    look: Look
    uses_database: bool
    if_broken: State


@dataclass(slots=True)
class _Run:
    """A look in a thread of its own."""

    thread: threading.Thread
    found: list[Any] = field(default_factory=list)
    failed: list[Exception] = field(default_factory=list)


_known: dict[str, _Known] = {}
_runs: dict[str, _Run] = {}
_starting = threading.Lock()


class NoAnswer(Exception):
    """It has not come back in time: a disk or a host that hangs."""


def health_part(name: str, *, uses_database: bool = False, if_broken: State = State.DEGRADED) -> Callable[[Look], Look]:
    """Decorator: have `look` asked for each report. "services.download_service" becomes a word below `services`.
    `if_broken` is what it comes to when `look` raises or does not come back.

    Without `uses_database` it runs in a thread of its own, which must not ask the database and is left behind when it takes
    longer than two seconds. With it, it runs in the caller's, where PostgreSQL ends statements after the same time; what
    such a part asks of disks and hosts goes through `answer_within`.
    """

    def register(look: Look) -> Look:
        _known[name] = _Known(look, uses_database, if_broken)
        return look

    return register


def parts_look() -> dict[str, Part]:
    """{name: what it found}; nothing is raised, and it ends even where disks or hosts hang."""
    end = time.monotonic() + SECONDS
    threaded = {name: _started(name, one.look) for name, one in _known.items() if not one.uses_database}
    found: dict[str, Part] = {}
    for name, one in sorted(_known.items(), key=lambda item: item[0] != DATABASE):
        if one.uses_database:
            database = found.get(DATABASE)
            if database is not None and database.state == State.UNHEALTHY:
                found[name] = Part(one.if_broken, {"status": "unknown"})
            else:
                found[name] = _guarded(name, one.look)
    for name, run in threaded.items():
        found[name] = _guarded(name, lambda run=run: _answer(run, end - time.monotonic()))  # type: ignore[misc]
    return found


def answer_within(name: str, function: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """What `function` returns, from a thread of its own; it must not ask the database. Raises `NoAnswer`, or what it raises.

    While a former call of the same name hangs there is no other: threads do not pile up.
    """
    return _answer(_started(name, function), seconds)


def _started(name: str, function: Callable[[], Any]) -> _Run:
    with _starting:
        former = _runs.get(name)
        if former is not None and former.thread.is_alive():
            return former
        run = _Run(threading.Thread(name=f"health-{name}", daemon=True))
        run.thread = threading.Thread(target=_work, args=(run, function), name=f"health-{name}", daemon=True)
        _runs[name] = run
        run.thread.start()
        return run


def _work(run: _Run, function: Callable[[], Any]) -> None:
    try:
        run.found.append(function())
    except Exception as error:
        run.failed.append(error)


def _answer(run: _Run, seconds: float) -> Any:
    run.thread.join(max(0.0, seconds))
    if run.failed:
        raise run.failed[0]
    if not run.found:
        raise NoAnswer()
    return run.found[0]


def _guarded(name: str, look: Look) -> Part:
    known = _known[name]
    try:
        with _statements_bounded() if known.uses_database else contextlib.nullcontext():
            return look()
    except NoAnswer:
        return Part(known.if_broken, {"status": "no_answer"})
    except Exception as error:
        log.warning("health_part_failed", part=name, error=type(error).__name__)
        return Part(known.if_broken, {"status": "failed", "error": type(error).__name__})


@contextlib.contextmanager
def _statements_bounded() -> Iterator[None]:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(SECONDS * 1000))])
        yield
