"""How much room a folder's file system has, and whether something may be put there."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from downloads.errors import DiskFull


def space_free(folder: Path) -> int:
    """Bytes that this process may still write where `folder` is, or would be made. Raises OSError when nothing can be asked."""
    found = os.statvfs(_existing(folder))
    return found.f_bavail * found.f_frsize


def space_check(folder: Path, needed: int, floor: int) -> None:
    """Raise `DiskFull` unless `needed` bytes fit into `folder` and `floor` bytes stay free after that.

    `extra` says what is `free`, `needed` and the `floor`, in bytes. A file system without room for another file is full, too.
    """
    found = os.statvfs(_existing(folder))
    free = found.f_bavail * found.f_frsize
    is_out_of_files = found.f_files > 0 and found.f_favail == 0
    if free - needed < floor or is_out_of_files:
        extra = {"free": free, "needed": needed, "floor": floor}
        raise DiskFull(_("There is not enough free space in the folder."), extra=extra)


def _existing(folder: Path) -> Path:
    """`folder`, or the nearest folder above it that is there."""
    while not folder.exists() and folder.parent != folder:
        folder = folder.parent
    return folder
