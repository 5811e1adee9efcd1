"""Bringing a finished file into the library: never over a file of somebody else, whole or not at all, again after a kill."""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext_lazy as _

from core.media.errors import PathRefused
from downloads.errors import DownloadFailed, PlaceTaken
from downloads.placing import disk
from downloads.placing.places import RECYCLE, place_mark, place_of, root_real
from downloads.placing.recycling import recycle
from downloads.placing.space import space_check

OnTarget = Callable[[str], object]
IsOurs = Callable[[str], bool]
MAX_SUFFIX = 32
"""Bytes that names leave for the endings of companions (`naming.MAX_STEM`)."""
_SUFFIX = re.compile(r"(\.[A-Za-z0-9]{1,12}(-[A-Za-z0-9]{1,8}){0,3}){1,3}", re.ASCII)


class Placed(StrEnum):
    """How far placing came. `lost`: neither the source nor a file in its place is there."""

    NOT_STARTED = "not_started"
    COPIED = "copied"
    DONE = "done"
    FOREIGN = "foreign"
    LOST = "lost"


def file_checksum(path: Path) -> str:
    """SHA-256 of a file in hex, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def placed_state(source: Path, target: Path, size: int, checksum: str = "") -> Placed:
    """What a placing that was interrupted left, for the reconciler; changes nothing.

    `size` (bytes) and `checksum` (`file_checksum`, "" when nobody took one) are those of the file to place.
    `not_started` and `copied` (the file is in its place, the source was not taken away): call `file_place` again.
    `done`: only our books are behind. `foreign`: what is there is not what was placed. `lost`: fetch again.
    """
    with disk.disk_errors():
        before, after = disk.file_stat(source), disk.file_stat(target)
        if after is None:
            return Placed.LOST if before is None else Placed.NOT_STARTED
        if not disk.is_plain_file(after) or after.st_size != size:
            return Placed.FOREIGN
        if before is not None and (before.st_dev, before.st_ino) == (after.st_dev, after.st_ino):
            return Placed.COPIED
        if not _is_it(source, target, checksum):
            return Placed.FOREIGN
        return Placed.DONE if before is None else Placed.COPIED


def _is_it(source: Path, target: Path, checksum: str) -> bool:
    """Whether the target, of the right size, is what was to be placed; without checksum and source the size has to do."""
    if checksum:
        return file_checksum(target) == checksum
    return disk.file_stat(source) is None or _is_same(source, target)


def _nobodys(_relative: str) -> bool:
    return False


def file_place(
    source: Path,
    root: Path,
    relative: PurePosixPath,
    *,
    floor: int,
    on_target: OnTarget,
    is_ours: IsOurs = _nobodys,
    on_bytes: disk.OnBytes | None = None,
) -> Path:
    """Move `source` to `root`/`relative`; returns where it is. To be called again after a kill, at whatever line that was.

    `on_target` is told the path under the root (with "/", folders spelled as they are on disk) before anything changes there:
    write it down, so that `placed_state` can be asked later. It may be told again if the place changes meanwhile.
    A file that is in the place already: the same content ends it well; one of which `is_ours(path)` goes into the recycle bin
    first; any other raises `PlaceTaken`. On the same file system it is one link or rename. Else it is copied to a hidden file
    beside the target (`on_bytes` is told how far; what it raises ends it), if `floor` bytes stay free, and then renamed.
    Raises `DiskFull`, `FolderUnavailable`, `PathRefused`, and `DownloadFailed` without a source; the disk is as before then.
    """
    with disk.disk_errors():
        before = disk.file_stat(source)
        if before is None or not disk.is_plain_file(before):
            raise DownloadFailed(_("The file to place is gone."))
        real = root_real(root)
        place = place_of(real, relative)
        on_target(str(place))
        if _is_there(source, real / place):
            return _finished(source, real / place, place)
        _taken_check(real / place, place, is_ours)
        made = disk.folders_make(real, (real / place).parent)
        try:
            disk.copies_remove((real / place).parent, place_mark(place))
            if disk.is_one_file_system(source, (real / place).parent, place_mark(place)):
                disk.file_sync(source)
                source.chmod(disk.FILE_MODE)
                target = _take(source, real, relative, place, on_target, is_ours)
            else:
                space_check((real / place).parent, before.st_size, floor)
                with disk.file_copied(source, real / place, place_mark(place), on_bytes) as part:
                    target = _take(part, real, relative, place, on_target, is_ours)
                source.unlink()
                disk.folder_sync(source.parent)
        except BaseException:
            disk.folders_unmake(made)
            raise
    return target


def companion_place(
    source: Path, video: Path, suffix: str, root: Path, *, floor: int, is_ours: IsOurs = _nobodys
) -> Path:
    """Place a file beside `video` under its stem: `suffix` is ".de.ass", ".en.forced.vtt", ".nfo"; as `file_place` else."""
    if not _SUFFIX.fullmatch(suffix) or len(suffix) > MAX_SUFFIX:
        raise PathRefused(_("The ending is not one of a companion file."))
    relative = PurePosixPath(video.with_name(video.stem + suffix).relative_to(root.resolve()))
    return file_place(source, root, relative, floor=floor, on_target=lambda _path: None, is_ours=is_ours)


def place_forget(root: Path, relative: PurePosixPath) -> None:
    """Remove what an interrupted copy to `relative` left in the library, when nobody will place it any more."""
    with disk.disk_errors():
        real = root_real(root)
        place = place_of(real, relative)
        if (real / place).parent.is_dir():
            disk.copies_remove((real / place).parent, place_mark(place))


def _take(
    part: Path, real: Path, relative: PurePosixPath, place: PurePosixPath, on_target: OnTarget, is_ours: IsOurs
) -> Path:
    """Give `part` its name, and put what was there, if it was ours, into the bin."""
    with disk.placing_turn():
        now = place_of(real, relative)
        if now != place:
            if (real / now).parent.stat().st_dev != part.lstat().st_dev:
                raise PlaceTaken()
            on_target(str(now))
        target = real / now
        _taken_check(target, now, is_ours)
        kept = recycle(target, real) if disk.file_stat(target) is not None else ""
        try:
            disk.file_publish(part, target)
        except OSError:
            if kept:
                with suppress(OSError):
                    disk.file_publish(real / RECYCLE / kept / now, target)
            raise
    return target


def _taken_check(target: Path, place: PurePosixPath, is_ours: IsOurs) -> None:
    found = disk.file_stat(target)
    if found is not None and not (disk.is_plain_file(found) and is_ours(str(place))):
        raise PlaceTaken()


def _is_there(source: Path, target: Path) -> bool:
    """Whether an earlier call came as far as this: the target is the source, or a copy of it."""
    found = disk.file_stat(target)
    return found is not None and disk.is_plain_file(found) and _is_same(source, target)


def _is_same(source: Path, target: Path) -> bool:
    return source.samefile(target) or (
        source.lstat().st_size == target.lstat().st_size and file_checksum(source) == file_checksum(target)
    )


def _finished(source: Path, target: Path, place: PurePosixPath) -> Path:
    """The rest of an interrupted call: the content lasts, then the source goes."""
    disk.file_sync(target)
    disk.folder_sync(target.parent)
    disk.copies_remove(target.parent, place_mark(place))
    source.unlink()
    disk.folder_sync(source.parent)
    return target
