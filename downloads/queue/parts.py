"""The folder of a download that is under way: `<download_directory>/<id>`, nobody else's."""

import shutil
import uuid
from pathlib import Path

from downloads.configuration.store import configuration


def parts_root() -> Path:
    """Where all of them lie; made when it is not there."""
    root = Path(configuration().download_directory)
    root.mkdir(parents=True, exist_ok=True)
    return root


def parts_folder(download_id: uuid.UUID) -> Path:
    """The folder of a download, made when it is not there."""
    folder = parts_root() / download_id.hex
    folder.mkdir(exist_ok=True)
    return folder


def parts_remove(download_id: uuid.UUID) -> None:
    """Throw away what was fetched so far."""
    shutil.rmtree(parts_root() / download_id.hex, ignore_errors=True)


def parts_known() -> dict[uuid.UUID, Path]:
    """{download: its folder} of all that lie there, whether or not there is such a download any more."""
    found = {}
    for folder in parts_root().iterdir():
        if len(folder.name) == 32 and folder.is_dir() and not folder.is_symlink():
            try:
                found[uuid.UUID(folder.name)] = folder
            except ValueError:
                continue
    return found
