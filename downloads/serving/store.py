"""Where pieces lie until room is needed: a folder a file, the one used longest ago goes first."""

import contextlib
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from downloads.serving.plans import VERSION
from downloads.serving.roots import derived_root

try:
    import fcntl
except ImportError:  # Windows: one process serves, and its own locks do
    fcntl = None  # type: ignore[assignment]

USED, LOCK = ".used", ".lock"
IN_USE_SECONDS = 600
LEAVE = 0.9


def pieces_root() -> Path:
    """The folder of all pieces; nothing else lies below it."""
    return derived_root() / "pieces"


def key_of(stored: str, stat: os.stat_result) -> str:
    """The name of the folder for a file as it is now: another file, or a changed one, has another."""
    what = f"{VERSION}|{stored}|{stat.st_size}|{stat.st_mtime_ns}|{stat.st_ino}"
    return hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def folder_of(key: str) -> Path:
    """The folder of a key, made if need be."""
    folder = pieces_root() / key
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def folder_use(folder: Path) -> None:
    """Remember that somebody reads it (once a minute: a touch a piece would be much)."""
    mark = folder / USED
    with contextlib.suppress(OSError):
        if not mark.exists() or time.time() - mark.stat().st_mtime > 60:
            mark.touch()


def text_put(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


@contextlib.contextmanager
def folder_lock(folder: Path, *, name: str = LOCK, is_waiting: bool = True) -> Iterator[bool]:
    """Hold the folder against other processes; whether it is held. Whoever dies lets go."""
    with (folder / name).open("ab") as file:
        if fcntl is None:
            yield True
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if is_waiting else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def pieces_trim(most: int | None = None) -> int:
    """Remove folders, the one used longest ago first, until at most `most` bytes are left (`settings.PIECES_BYTES`); bytes freed.

    What was read within ten minutes or is being made stays. What a process that died left half-done goes with its folder.
    """
    most = settings.PIECES_BYTES if most is None else most
    found = sorted(_folders())
    total, freed = sum(size for _used, size, _folder in found), 0
    if total <= most:
        return 0
    for used, size, folder in found:
        if total - freed <= most * LEAVE:
            break
        if time.time() - used < IN_USE_SECONDS:
            continue
        with contextlib.suppress(OSError), folder_lock(folder, is_waiting=False) as is_held:
            if is_held:
                gone = folder.with_name(f".gone-{uuid.uuid4().hex}")
                folder.replace(gone)  # whoever comes now makes a new one
                shutil.rmtree(gone, ignore_errors=True)
                freed += size
    return freed


def _folders() -> Iterator[tuple[float, int, Path]]:
    """(last used, bytes, folder)."""
    with contextlib.suppress(OSError):
        for folder in pieces_root().iterdir():
            if folder.name.startswith(".gone-"):
                shutil.rmtree(folder, ignore_errors=True)
                continue
            with contextlib.suppress(OSError):
                sizes = [entry.stat().st_size for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)]
                mark = folder / USED
                yield (mark if mark.exists() else folder).stat().st_mtime, sum(sizes), folder
