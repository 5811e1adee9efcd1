"""The folder of a download that is under way: `<download_directory>/<id>`, nobody else's."""

import contextlib
import shutil
import uuid
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from downloads.configuration.store import configuration
from downloads.errors import FolderUnavailable


def parts_root() -> Path:
    """Where all of them lie. Raises `FolderUnavailable`: a disk that is not mounted must not get a folder in its place.

    Only that of a new installation, in the site's own data folder, is made.
    """
    root = Path(configuration().download_directory)
    if not root.is_dir():
        if root != Path(settings.DOWNLOADS_ROOT):
            raise FolderUnavailable(_("The folder of downloads is not there. Is its disk connected?"))
        root.mkdir(parents=True, exist_ok=True)
    return root


def parts_folder(download_id: uuid.UUID) -> Path:
    """The folder of a download, made when it is not there."""
    folder = parts_root() / download_id.hex
    folder.mkdir(exist_ok=True)
    return folder


def parts_remove(download_id: uuid.UUID) -> None:
    """Throw away what was fetched so far; what cannot be had now is left to `reconciling.parts_trim`."""
    with contextlib.suppress(FolderUnavailable):
        shutil.rmtree(parts_root() / download_id.hex, ignore_errors=True)


def parts_known() -> dict[uuid.UUID, Path]:
    """{download: its folder} of all that lie there, whether or not there is such a download any more."""
    found: dict[uuid.UUID, Path] = {}
    try:
        folders = list(parts_root().iterdir())
    except (FolderUnavailable, OSError):
        return found
    for folder in folders:
        if len(folder.name) == 32 and folder.is_dir() and not folder.is_symlink():
            try:
                found[uuid.UUID(folder.name)] = folder
            except ValueError:
                continue
    return found
