"""What touches the disk when files are placed: moves that replace nothing, copies that are whole or not there, syncing."""

import ctypes
import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from downloads.errors import DiskFull, FolderUnavailable, PlaceTaken

OnBytes = Callable[[int], object]
"""Told the bytes that are done while a file is copied, after each piece; what it raises ends the copy, and leaves nothing."""
PIECE = 4 * 1024 * 1024
FILE_MODE = 0o644
"""Of what is placed: other programs of the house (media servers) read the library, too."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_LINKS = (errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EMLINK)
"""How file systems say that they have no hard links (FAT, some network shares), or none for this file."""
_NO_SYNC = (errno.EINVAL, errno.EOPNOTSUPP, errno.EBADF, errno.EACCES)
_AT_FDCWD, _RENAME_NOREPLACE = -100, 1


@contextmanager
def disk_errors() -> Iterator[None]:
    """What the system says becomes `DiskFull`, `PlaceTaken` or `FolderUnavailable`; no path is told."""
    try:
        yield
    except FileExistsError as error:
        raise PlaceTaken() from error
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull() from error
        raise FolderUnavailable(os.strerror(error.errno) if error.errno else "") from error


@contextmanager
def placing_turn() -> Iterator[None]:
    """One at a time over all processes of this machine: between looking at a name and taking it nobody of us comes."""
    folder = Path(settings.CONFIGURATION_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / "placing.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def folder_sync(folder: Path) -> None:
    """Make what was renamed or made in `folder` last; file systems that cannot sync folders are left to themselves."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(handle)


def file_sync(path: Path) -> None:
    """Make the content of a file last."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_stat(path: Path) -> os.stat_result | None:
    """What lies at `path` itself (links are not followed), None for nothing."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return path.lstat()
    return None


def is_plain_file(found: os.stat_result | None) -> bool:
    return found is not None and stat.S_ISREG(found.st_mode)


def folders_make(root: Path, folder: Path) -> list[Path]:
    """Make the folders from `root` down to `folder`; returns those that are new, outermost first."""
    made: list[Path] = []
    missing = [one for one in (folder, *folder.parents) if one.is_relative_to(root) and not one.exists()]
    try:
        for one in reversed(missing):
            with suppress(FileExistsError):
                one.mkdir(mode=0o755)
                made.append(one)
                folder_sync(one.parent)
    except BaseException:
        folders_unmake(made)
        raise
    return made


def folders_unmake(made: list[Path]) -> None:
    """Take away the folders of `made` that are empty still."""
    for one in reversed(made):
        with suppress(OSError):
            one.rmdir()


def file_publish(source: Path, target: Path) -> None:
    """Give the file the name `target` on the same file system, replacing nothing; its content was synced.

    A kill leaves it under one of the names or under both, never half. Raises FileExistsError for a name that is taken and
    OSError (EXDEV) for another file system. The caller has `placing_turn`.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _rename_new(source, target)
    else:
        folder_sync(target.parent)
        source.unlink()
    folder_sync(target.parent)
    folder_sync(source.parent)


def is_one_file_system(source: Path, folder: Path, mark: str) -> bool:
    """Whether `source` can get a name in `folder` without being copied, tried with a hidden one (`mark` as in `file_copied`).

    Devices alone do not tell: two folders of one disk that a container sees as two mounts have the same number.
    """
    if source.lstat().st_dev != folder.stat().st_dev:
        return False
    probe = folder / f".hiroba-{mark}-{secrets.token_hex(4)}.part"
    try:
        os.link(source, probe, follow_symlinks=False)
    except OSError as error:
        if error.errno == errno.EXDEV:
            return False
        if error.errno not in _NO_LINKS:
            raise
        return _is_renamed(source.parent, probe)
    probe.unlink()
    return True


def _is_renamed(folder: Path, probe: Path) -> bool:
    """Whether an empty file can be renamed from `folder` to `probe`."""
    tried = folder / probe.name
    tried.touch(exist_ok=False)
    try:
        tried.rename(probe)
    except OSError as error:
        tried.unlink()
        if error.errno != errno.EXDEV:
            raise
        return False
    probe.unlink()
    return True


def _rename_new(source: Path, target: Path) -> None:
    """Rename without replacing, where there are no hard links."""
    if (found := _renameat2(source, target)) == 0:
        return
    if found not in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        raise OSError(found, os.strerror(found))
    # Neither links nor such a rename (old network shares): we look first, and no other placing comes in between.
    if file_stat(target) is not None:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    source.rename(target)


def _renameat2(source: Path, target: Path) -> int:
    """0, or the errno of Linux' renameat2 with RENAME_NOREPLACE; ENOSYS where the system has none."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return errno.ENOSYS
    if call(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), _RENAME_NOREPLACE) == 0:
        return 0
    return ctypes.get_errno()


@contextmanager
def file_copied(source: Path, target: Path, mark: str, on_bytes: OnBytes | None = None) -> Iterator[Path]:
    """A whole and synced copy of `source`, hidden beside `target`, to be published within the block; gone after it.

    `mark` (hex) tells the copies for one target from all others: what a killed process left of them is removed, one that
    another process is writing raises FileExistsError.
    """
    copies_remove(target.parent, mark)
    part = target.parent / f".hiroba-{mark}-{secrets.token_hex(4)}.part"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
    try:
        _is_alone(handle)
        with source.open("rb") as reader:
            times = os.fstat(reader.fileno())
            done = 0
            while piece := reader.read(PIECE):
                _write_all(handle, piece)
                done += len(piece)
                if on_bytes is not None:
                    on_bytes(done)
        if done != times.st_size:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.utime(handle, ns=(times.st_atime_ns, times.st_mtime_ns))
        os.fsync(handle)
        yield part
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
        os.close(handle)


def copies_remove(folder: Path, mark: str) -> None:
    """Remove what a killed process left of a copy for the target of `mark`. Raises FileExistsError while one is written."""
    for part in folder.glob(f".hiroba-{mark}-*.part"):
        with suppress(FileNotFoundError):
            handle = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                _is_alone(handle)
                part.unlink()  # never emptied in place: it may be the target already, under its second name
            finally:
                os.close(handle)


def _is_alone(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL):
            raise  # a file system without locks: then there is no telling


def _write_all(handle: int, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[os.write(handle, view) :]
