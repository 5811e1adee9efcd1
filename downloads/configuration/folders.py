"""Whether the operator's folders may and can be used, found out by trying."""

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path

import django
from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from downloads.placing.space import space_free

_SYSTEM = (
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
)
_SYSTEM_BELOW_VAR = ("/var/cache", "/var/log", "/var/run", "/var/spool", "/var/lib/dpkg", "/var/lib/docker")
_MAC = ("/System", "/Library", "/Applications", "/private/etc")
_EXCEPTIONS = ("/run/media", "/run/mount")
"""Where desktops mount disks."""
_TOO_WIDE = ("/", "/home", "/root", "/var", "/var/lib", "/opt", "/tmp", "/var/tmp", "/Users", "/private")  # noqa: S108


def folder_problems(folder: str, *, floor: int) -> list[str]:
    """Why `folder` cannot be used, in words; an empty list when it can. `floor` bytes have to be free.

    A folder of the installation's own data is made if it is missing; any other has to be there.
    """
    real = Path(os.path.realpath(folder))
    if (wrong := _misplaced(real)) is not None:
        return [str(wrong)]
    if folder in (str(settings.LIBRARY_ROOT), str(settings.DOWNLOADS_ROOT)):
        with suppress(OSError):
            real.mkdir(parents=True, exist_ok=True)
    if not os.path.isdir(real):  # noqa: PTH112 — Path.is_dir raises for names that are too long
        return [gettext("The folder does not exist. Is its disk connected?")]
    if not _is_writable(real):
        return [gettext("Nothing can be written in the folder.")]
    return space_problems(folder, floor=floor)


def space_problems(folder: str, *, floor: int) -> list[str]:
    """Why there is not enough room."""
    try:
        free = space_free(Path(folder))
    except OSError:
        return [gettext("The folder does not say how much is free.")]
    if free >= floor:
        return []
    return [
        gettext("Only %(free)d MB are free; %(floor)d MB are to stay free.")
        % {"free": free // 10**6, "floor": floor // 10**6}
    ]


def nesting_problem(anime: str, downloads: str) -> str:
    """Why two folders cannot be the library and the place of unfinished parts; "" when they can."""
    library, parts = Path(os.path.realpath(anime)), Path(os.path.realpath(downloads))
    if library == parts or library in parts.parents or parts in library.parents:
        return gettext("The library and the folder of unfinished downloads must not lie in each other.")
    return ""


def _misplaced(real: Path) -> Text | None:
    if str(real) in _TOO_WIDE or real == Path.home():
        return _("This folder holds more than a library.")
    if not _is_below(real, _EXCEPTIONS) and _is_below(real, (*_SYSTEM, *_SYSTEM_BELOW_VAR, *_MAC)):
        return _("This folder belongs to the system.")
    data, code = _real(settings.DATA_DIR), _real(settings.BASE_DIR)
    if real == data or real in data.parents or real in code.parents:
        return _("This folder holds the site's own data or code.")
    if data in real.parents:
        return _("The site keeps other data in this folder.") if _is_kept(real) else None
    libraries = Path(django.__file__).parent.parent
    installed = tuple(os.path.realpath(one) for one in (sys.prefix, sys.base_prefix, libraries))
    if real == code or code in real.parents or _is_below(real, installed):
        return _("This folder is part of the site's code.")
    return None


def _is_kept(real: Path) -> bool:
    """Whether a folder of the site's data is one that something else is kept in, or around."""
    names = ("CONFIGURATION_ROOT", "MEDIA_ROOT", "DERIVED_ROOT", "SEARCH_DIR", "STATIC_ROOT")
    kept = [_real(getattr(settings, name)) for name in names]
    private = storages["private"]
    if isinstance(private, FileSystemStorage):
        kept.append(_real(private.location))
    return any(real == one or one in real.parents or real in one.parents for one in kept)


def _real(path: object) -> Path:
    return Path(os.path.realpath(str(path)))


def _is_below(real: Path, folders: tuple[str, ...]) -> bool:
    return any(real == Path(one) or Path(one) in real.parents for one in folders)


def _is_writable(real: Path) -> bool:
    """Tried, because neither owners nor modes tell it for shares, full disks and read-only mounts."""
    tried = real / f".hiroba-try-{secrets.token_hex(8)}"
    try:
        handle = os.open(tried, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, b"x")
            os.fsync(handle)
        finally:
            os.close(handle)
            tried.unlink()
    except OSError:
        return False
    return True
