"""The children that open media files for us: a few, kept between files, replaced when they crash, hang or grow old."""

import atexit
import contextlib
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from downloads.errors import MediaBroken

PROGRAM = Path(__file__).with_name("child") / "__main__.py"
MAX_CHILDREN = max(1, min(4, os.cpu_count() or 1))
MAX_FILES = 2000
"""After so many files a child is replaced: libraries that leak a little then leak not much."""
MAX_ANSWER = 8 * 1024**2
START_SECONDS = 20.0
BEAT = 0.5


class _Ended(Exception):
    """The child is no more; `is_idle`: it left by itself before it was asked."""

    def __init__(self, *, is_idle: bool = False, why: str = "") -> None:
        super().__init__(why)
        self.is_idle = is_idle


class Child:
    """One process. Only the thread that took it from the pool talks to it."""

    def __init__(self) -> None:
        self.files = 0
        self._process = subprocess.Popen(  # noqa: S603 — our own program
            [sys.executable, "-I", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
            cwd=PROGRAM.parent,
            start_new_session=True,
        )
        self._buffer = bytearray()
        self._line(time.monotonic() + START_SECONDS, None)

    def ask(
        self,
        task: str,
        seconds: float,
        beat: Callable[[], None] | None,
        on_progress: Callable[[float], None] | None,
        arguments: dict[str, Any],
    ) -> dict[str, Any]:
        """Its last line, `result` or `error`. Raises `_Ended`; whatever `beat` raises leaves the child unusable."""
        self.files += 1
        asked = json.dumps({"task": task, "seconds": seconds, **arguments}) + "\n"
        deadline = time.monotonic() + seconds
        assert self._process.stdin  # noqa: S101 — asked for above
        try:
            self._process.stdin.write(asked.encode("utf-8", "surrogateescape"))
            self._process.stdin.flush()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise _Ended(is_idle=self._said_bye()) from error
        while True:
            line = self._line(deadline, beat)
            if "bye" in line:
                raise _Ended(is_idle=True)
            if "progress" not in line:
                return line
            if on_progress:
                on_progress(line["progress"])

    def end(self) -> None:
        """Kill it and wait for it."""
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def pid(self) -> int:
        return self._process.pid

    def _said_bye(self) -> bool:
        with contextlib.suppress(_Ended):
            return "bye" in self._line(time.monotonic() + 1, None)
        return False

    def _line(self, deadline: float, beat: Callable[[], None] | None) -> dict[str, Any]:
        assert self._process.stdout  # noqa: S101 — asked for above
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._buffer:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise _Ended(why=_("Reading it took too long."))
                if selector.select(min(BEAT, left)):
                    data = os.read(self._process.stdout.fileno(), 65_536)
                    if not data or len(self._buffer) > MAX_ANSWER:
                        raise _Ended(why=_("Reading it crashed."))
                    self._buffer += data
                elif beat:
                    beat()
        line, _newline, rest = bytes(self._buffer).partition(b"\n")
        self._buffer = bytearray(rest)
        answer: dict[str, Any] = json.loads(line)
        return answer


class Children:
    """The pool of this process: at most `MAX_CHILDREN` at work; after a fork the new process begins its own."""

    def __init__(self) -> None:
        self._idle: list[Child] = []
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(MAX_CHILDREN)
        self._pid = os.getpid()

    def ask(
        self,
        task: str,
        *,
        seconds: float,
        beat: Callable[[], None] | None = None,
        on_progress: Callable[[float], None] | None = None,
        **arguments: Any,
    ) -> Any:
        """What the task returns. Raises `MediaBroken` when it fails, crashes, or takes longer than `seconds`."""
        while not self._turns.acquire(timeout=BEAT):
            if beat:
                beat()
        child: Child | None = None
        try:
            while True:
                child = self._taken()
                try:
                    answer = child.ask(task, seconds, beat, on_progress, arguments)
                    break
                except _Ended as ended:
                    child.end()
                    child = None
                    if not ended.is_idle:
                        raise MediaBroken(str(ended) or _("Reading it crashed.")) from None
            if child.files < MAX_FILES:
                with self._lock:
                    self._idle.append(child)
                child = None
        finally:
            if child:
                child.end()
            self._turns.release()
        if "error" in answer:
            raise MediaBroken(answer["error"])
        return answer["result"]

    def end(self) -> None:
        """End those that wait; those at work end with their file."""
        with self._lock:
            idle, self._idle = self._idle, []
        if os.getpid() == self._pid:
            for child in idle:
                child.end()

    def pids(self) -> list[int]:
        """Of those that wait."""
        with self._lock:
            return [child.pid() for child in self._idle]

    def _taken(self) -> Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.is_alive():
                    return child
                child.end()
        try:
            return Child()
        except _Ended as ended:
            raise MediaBroken(_("The program that reads media files does not start.")) from ended


_children = Children()


def children() -> Children:
    """The pool of this process."""
    return _children


def _begin_again() -> None:
    global _children
    _children = Children()


os.register_at_fork(after_in_child=_begin_again)
atexit.register(lambda: _children.end())
