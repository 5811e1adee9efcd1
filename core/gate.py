"""A gate that lets a few through at once, in the order they came, and turns away those who would wait too long."""

import contextlib
import threading
from collections import deque
from collections.abc import Iterator

from core.errors import ServiceUnavailable

RETRY_AFTER = "2"  # seconds


class Gate:
    """`at_once` may be inside. At most `waiting` stand in line, each for at most `seconds`; others get 503 at once.

    A turn is handed to whoever waits longest. (`threading.Semaphore` lets a newcomer overtake those it has woken.)
    """

    def __init__(self, *, at_once: int, waiting: int, seconds: float) -> None:
        self._free = at_once
        self._waiting = waiting
        self._seconds = seconds
        self._lock = threading.Lock()
        self._line: deque[threading.Event] = deque()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Be inside for as long as the block lasts. Raises `ServiceUnavailable` with `Retry-After`."""
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            if len(self._line) >= self._waiting:
                raise ServiceUnavailable(headers={"Retry-After": RETRY_AFTER})
            mine = threading.Event()
            self._line.append(mine)
        if mine.wait(self._seconds):
            return
        with self._lock:
            if mine.is_set():  # the turn came in the last moment
                return
            self._line.remove(mine)
        raise ServiceUnavailable(headers={"Retry-After": RETRY_AFTER})

    def _leave(self) -> None:
        with self._lock:
            if self._line:
                self._line.popleft().set()
            else:
                self._free += 1
