"""Carries changes that other hosts made into this host's generation, once a second.

A writer moves the generation of its own host on as it commits. A writer elsewhere, or one that died between its commit
and that, is noticed by the mark of the change log. One process a host looks (it holds a file lock); when it goes,
another takes over. When the database cannot be asked, the number moves on as well: better no cache than a stale one.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Hashable
from pathlib import Path

import structlog
from django.conf import settings
from django.db import close_old_connections, connection

from core import generation

log = structlog.get_logger("generation")

SECONDS = 1.0
_started = threading.Lock()
_pid: int | None = None


def watch_start(mark: Callable[[], Hashable], *, seconds: float = SECONDS) -> None:
    """Start the watcher of this process, once. `mark()` is anything that differs after every write."""
    global _pid
    with _started:
        if _pid == os.getpid():
            return
        _pid = os.getpid()
    threading.Thread(target=_run, args=(mark, seconds), name="generation-watch", daemon=True).start()


def _run(mark: Callable[[], Hashable], seconds: float) -> None:
    handle = (Path(settings.DATA_DIR) / "generation.watch").open("a")
    while not _is_ours(handle.fileno()):
        time.sleep(seconds)
    seen: Hashable | None = None
    while True:
        seen = look(mark, seen)
        time.sleep(seconds)


def look(mark: Callable[[], Hashable], seen: Hashable | None) -> Hashable | None:
    """One look: the mark, None when the database could not be asked. Moves the generation on when it is not `seen`."""
    try:
        close_old_connections()
        found: Hashable | None = mark()
    except Exception:
        if seen is not None:
            log.warning("generation_watch_blind", exc_info=True)
        connection.close()
        found = None
    if found is None or found != seen:
        generation.bump()
    return found


def _is_ours(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
