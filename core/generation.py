"""The catalogue's generation: one number that every process of a host reads in nanoseconds and every write moves on.

Caches keep what they made beside the generation they made it at and throw it away when the number has moved. The number
is eight bytes of a memory-mapped file under DATA_DIR, so that a write in a worker or a command is seen by the web
processes before the writer's answer leaves. Writers on other hosts reach this file through `core.generation_watch`.
"""

import fcntl
import mmap
import os
import struct
import threading
from pathlib import Path

from django.conf import settings
from django.db import transaction

_lock = threading.Lock()
_map: mmap.mmap | None = None
_map_path: str | None = None
_map_folder: object = None
_FORMAT = struct.Struct("<Q")


def _path() -> Path:
    return Path(settings.DATA_DIR) / "generation"


def _mapped() -> mmap.mmap:
    global _map, _map_path, _map_folder
    # The same object again is the same folder: comparing identity keeps a read at nanoseconds.
    if _map is not None and _map_folder is settings.DATA_DIR:
        return _map
    path = str(_path())
    with _lock:
        if _map is None or _map_path != path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                if os.fstat(handle).st_size < _FORMAT.size:
                    os.ftruncate(handle, _FORMAT.size)
                _map = mmap.mmap(handle, _FORMAT.size)
                _map_path = path
            finally:
                os.close(handle)
        _map_folder = settings.DATA_DIR
        return _map


def current() -> int:
    """The generation now; it only grows."""
    return _FORMAT.unpack_from(_mapped(), 0)[0]


def bump() -> int:
    """Move the generation on at once and return it. Writers call `bump_on_commit` instead."""
    mapped = _mapped()
    with _lock, _path().open("rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        value = _FORMAT.unpack_from(mapped, 0)[0] + 1
        _FORMAT.pack_into(mapped, 0, value)
    return value


def bump_on_commit() -> None:
    """Move the generation on when the running transaction has committed (at once outside of one)."""
    transaction.on_commit(bump)
