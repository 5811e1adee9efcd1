"""Threads that run synchronous calls for an event loop: one shared pool for requests, pinned threads for streams."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")
_Call = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[..., Any], tuple[Any, ...]]


class OverloadedError(RuntimeError):
    """More calls wait than the pool takes; the caller should answer 503."""


class CallThreads:
    """`size` daemon threads that take calls from one queue of at most `backlog` waiting calls.

    `call` may be used from one event loop only: the count of waiting calls is kept there, without a lock.
    Threads start at the first call. They are daemons because a request that hangs must not keep the process alive.
    """

    def __init__(self, name: str, *, size: int, backlog: int) -> None:
        self.name = name
        self.size = size
        self.backlog = backlog
        self.pending = 0
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    def call(self, function: Callable[..., Result], *args: Any) -> asyncio.Future[Result]:
        """Run `function` in a thread; the future holds its result or its exception.

        Raises OverloadedError when `backlog` calls wait already.
        """
        if self.pending >= self.size + self.backlog:
            raise OverloadedError
        if not self._threads:
            self._start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self.pending += 1
        self._calls.put((loop, future, function, args))
        return future

    def stop(self, seconds: float) -> None:
        """Let every thread end after its present call; wait at most `seconds` for all of them together."""
        for _ in self._threads:
            self._calls.put(None)
        share = seconds / max(len(self._threads), 1)
        for thread in self._threads:
            thread.join(share)

    def _start(self) -> None:
        for number in range(self.size):
            thread = threading.Thread(target=self._work, name=f"{self.name}-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while (item := self._calls.get()) is not None:
            loop, future, function, args = item
            result, error = None, None
            try:
                result = function(*args)
            except BaseException as exception:
                error = exception
            try:
                loop.call_soon_threadsafe(self._settle, future, result, error)
            except RuntimeError:  # the loop has closed: nobody waits any more
                return
            del item, future, function, args, result, error  # an idle thread keeps no request alive
        close_connections()

    def _settle(self, future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
        self.pending -= 1
        if future.cancelled():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)


class PinnedThreads:
    """Single threads for streams: all calls of one stream run in the same thread, as database cursors need."""

    def __init__(self, name: str, *, size: int) -> None:
        self._lanes = [CallThreads(f"{name}-{number}", size=1, backlog=10_000) for number in range(size)]
        self._next = itertools.count()

    def lane(self) -> CallThreads:
        """The thread that has the least to do."""
        turn = next(self._next) % len(self._lanes)
        return min(self._lanes[turn:] + self._lanes[:turn], key=lambda lane: lane.pending)

    def stop(self, seconds: float) -> None:
        """End every thread after its present call."""
        for lane in self._lanes:
            lane.stop(seconds / len(self._lanes))


def close_connections() -> None:
    """Close this thread's database connections; SQLite folds its write-ahead log in when the last one closes."""
    from django.db import connections

    connections.close_all()
