"""The recycle bin: what was replaced or removed stays for some days, in a hidden folder of the same root.

`.recycle/<name>/<the path that it had>`: one folder for each removal, named after its moment, so that moving a file in is
one rename and restoring needs no list. Scans leave hidden folders out.
"""

import errno
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotFound
from core.media.errors import PathRefused
from core.media.paths import path_within
from downloads.configuration.store import configuration
from downloads.errors import PlaceTaken
from downloads.placing import disk
from downloads.placing.places import RECYCLE, place_mark, place_of, root_real

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2})-[0-9a-f]{8}", re.ASCII)
_MOMENT = "%Y-%m-%d_%H-%M-%S"


@dataclass(frozen=True, slots=True)
class Recycled:
    """One file in the bin: `path` is where it was, relative to the root; `size` in bytes."""

    name: str
    path: str
    size: int
    recycled_at: datetime


def recycle(path: Path, root: Path | None = None) -> str:
    """Move a file of the library into the bin; returns the name to restore it by. `root` is the library's unless given.

    Raises `PathRefused` for what is no file within the root, `NotFound` for nothing, `FolderUnavailable`, `DiskFull`.
    """
    with disk.disk_errors():
        real = _root(root)
        relative = _relative(real, path)
        if disk.file_stat(real / relative) is None:
            raise NotFound()
        if not disk.is_plain_file(disk.file_stat(real / relative)):
            raise PathRefused(_("Only files can be recycled."))
        name = f"{timezone.now().astimezone(UTC).strftime(_MOMENT)}-{secrets.token_hex(4)}"
        target = _bin(real) / name / relative
        made = disk.folders_make(real, target.parent)
        try:
            # The folder is new, so there is nothing that a rename could replace; and it leaves no second name to a kill.
            _move(real / relative, target, relative, Path.rename)
            disk.folder_sync(target.parent)
            disk.folder_sync((real / relative).parent)
        except BaseException:
            disk.folders_unmake(made)
            raise
    return name


def recycled_list(root: Path | None = None) -> list[Recycled]:
    """What is in the bin, newest first."""
    with disk.disk_errors():
        found = [one for entry in _entries(_root(root)) for one in _files(entry)]
    return sorted(found, key=lambda one: (one.recycled_at, one.name), reverse=True)


def recycled_restore(name: str, root: Path | None = None) -> Path:
    """Put a file back where it was; returns its path. Raises `NotFound` and, for a place that is taken, `PlaceTaken`."""
    with disk.disk_errors():
        real = _root(root)
        entry = _bin(real) / name
        if not _NAME.fullmatch(name) or not entry.is_dir() or entry.is_symlink():
            raise NotFound()
        with disk.placing_turn():
            found = next(_files(entry), None)  # looked for within the turn: another may have restored it just now
            if found is None:
                raise NotFound()
            relative = place_of(real, PurePosixPath(found.path))
            target = real / relative
            if disk.file_stat(target) is not None:
                if not target.samefile(entry / found.path):
                    raise PlaceTaken()
                _remove(entry)  # a kill came between its two names
                return target
            made = disk.folders_make(real, target.parent)
            try:
                _move(entry / found.path, target, relative, disk.file_publish)
            except BaseException:
                disk.folders_unmake(made)
                raise
            _remove(entry)
    return target


def recycled_trim(days: int, root: Path | None = None) -> int:
    """Delete for good what is in the bin for longer than `days` (0: all of it); returns how many files went."""
    limit = timezone.now() - timedelta(days=days)
    count = 0
    with disk.disk_errors():
        for entry in _entries(_root(root)):
            if days == 0 or _moment(entry.name) < limit:
                count += sum(1 for _file in _files(entry))
                _remove(entry)
    return count


def _root(root: Path | None) -> Path:
    return root_real(Path(configuration().anime_directory) if root is None else root)


def _bin(root: Path) -> Path:
    """The bin of a real root. A link in its place would lead deletions out of the root."""
    found = root / RECYCLE
    if found.is_symlink():
        raise PathRefused(_("The recycle bin is a link."))
    return found


def _relative(root: Path, path: Path) -> PurePosixPath:
    try:
        relative = PurePosixPath(Path(os.path.abspath(path.parent)).resolve().relative_to(root) / path.name)  # noqa: PTH100
    except ValueError:
        raise PathRefused(_("The path leads out of its folder.")) from None
    path_within(root, str(relative))
    if relative.parts[0] == RECYCLE:
        raise PathRefused(_("The file is in the recycle bin already."))
    return relative


def _entries(root: Path) -> list[Path]:
    with suppress(FileNotFoundError, NotADirectoryError):
        names = [entry.name for entry in os.scandir(_bin(root)) if entry.is_dir(follow_symlinks=False)]
        return [_bin(root) / name for name in sorted(names) if _is_moment(name)]
    return []


def _files(entry: Path) -> Iterator[Recycled]:
    for folder, _folders, names in os.walk(entry):
        for name in sorted(names):
            path = Path(folder) / name
            found = disk.file_stat(path)
            if found is not None and not name.startswith(".hiroba-"):
                relative = str(PurePosixPath(path.relative_to(entry)))
                yield Recycled(entry.name, relative, found.st_size, _moment(entry.name))


def _is_moment(name: str) -> bool:
    try:
        _moment(name)
    except ValueError:
        return False
    return True


def _moment(name: str) -> datetime:
    if not (match := _NAME.fullmatch(name)):
        raise ValueError(name)
    return datetime.strptime(match[1], _MOMENT).replace(tzinfo=UTC)


def _move(source: Path, target: Path, relative: PurePosixPath, take: Callable[[Path, Path], object]) -> None:
    """Within one root, which may hold folders of other file systems: then it is copied."""
    try:
        take(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    else:
        return
    with disk.file_copied(source, target, place_mark(relative)) as part:
        disk.file_publish(part, target)
    source.unlink()
    disk.folder_sync(source.parent)


def _remove(entry: Path) -> None:
    shutil.rmtree(entry)
    disk.folder_sync(entry.parent)
