"""Where a file goes in the library: within its root, spelled as what is there already."""

import hashlib
import os
import unicodedata
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.media.errors import PathRefused
from core.media.paths import path_within
from downloads.errors import FolderUnavailable

RECYCLE = ".recycle"


def root_real(root: Path) -> Path:
    """The library's root without links. Raises `FolderUnavailable`: a disk that is not mounted must not get an empty folder.

    Only the root of a new installation, in the site's own data folder, is made.
    """
    if not root.is_dir():
        if root != Path(settings.LIBRARY_ROOT):
            raise FolderUnavailable(_("The folder of the library is not there. Is its disk connected?"))
        root.mkdir(parents=True, exist_ok=True)
    return root.resolve()


def place_of(root: Path, relative: PurePosixPath) -> PurePosixPath:
    """`relative` (under the real `root`) with the spelling of folders and files that are there already.

    Names that differ in upper and lower case or in their Unicode form alone are one name: on some file systems they cannot
    stand side by side, and nobody tells them apart. Raises `PathRefused` for what leaves the root or is hidden.
    """
    if any(part.startswith(".") for part in relative.parts):
        raise PathRefused(_("The path is not a plain relative path."))
    path_within(root, str(relative))
    found = PurePosixPath()
    for part in relative.parts:
        found /= _spelled(root / found, part)
    path_within(root, str(found))
    return found


def place_mark(relative: PurePosixPath) -> str:
    """Sixteen hex digits that stand for one target."""
    return hashlib.sha256(os.fsencode(str(relative))).hexdigest()[:16]


def name_key(name: str) -> str:
    """The same for names that a file system without case or normal forms would take for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _spelled(folder: Path, part: str) -> str:
    if os.path.lexists(folder / part) or not folder.is_dir():
        return part
    wanted = name_key(part)
    alike = sorted(name for name in os.listdir(folder) if name_key(name) == wanted)  # noqa: PTH208
    return alike[0] if alike else part
