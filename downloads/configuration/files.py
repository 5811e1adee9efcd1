"""The configuration's files: written whole or not at all, by one writer at a time, readable by the server's user alone."""

import fcntl
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from downloads.placing.disk import disk_errors, folder_sync

MAX_BYTES = 1024 * 1024
"""A larger file is none of ours."""
_TEMPORARY = re.compile(r"\.new-[0-9a-f]{16}", re.ASCII)


def configuration_path() -> Path:
    return Path(settings.CONFIGURATION_ROOT) / "downloads.json"


def backups_folder() -> Path:
    return Path(settings.CONFIGURATION_ROOT) / "backups"


def file_read(path: Path) -> bytes:
    """The content of a file of at most `MAX_BYTES`. Raises OSError; ValueError for a larger one."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError("too large")
    return content


@contextmanager
def writing_turn() -> Iterator[None]:
    """The only writer over all processes and threads of this machine; what a killed one left half-written is gone.

    Disk errors within become `DiskFull` and `FolderUnavailable`.
    """
    with disk_errors():
        for folder in (configuration_path().parent, backups_folder()):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(configuration_path().parent / "downloads.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            for folder in (configuration_path().parent, backups_folder()):
                _leftovers_remove(folder)
            yield
        finally:
            os.close(handle)


def file_write(path: Path, content: bytes) -> None:
    """Put `content` where `path` is: whoever reads sees the old file or the new one, also after a power cut.

    The caller has `writing_turn`. The time of change always grows, so that readers who compare it see every change.
    """
    new = path.parent / f".new-{secrets.token_hex(8)}"
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(handle, view) :]
            moment = max(time.time_ns(), _changed(path) + 1)
            os.utime(handle, ns=(moment, moment))
            os.fsync(handle)
        finally:
            os.close(handle)
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
    folder_sync(path.parent)


def _changed(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime_ns
    return 0


def _leftovers_remove(folder: Path) -> None:
    for entry in list(os.scandir(folder)):
        if _TEMPORARY.fullmatch(entry.name):
            with suppress(FileNotFoundError):
                (folder / entry.name).unlink()
