"""A file comes back from the recycle bin into the library."""

from pathlib import Path

import structlog

from accounts.facade import User
from downloads.configuration.store import configuration
from downloads.library.jobs import scan_request
from downloads.library.paths import path_stored
from downloads.placing.places import root_real
from downloads.placing.recycling import recycled_restore

log = structlog.get_logger("library")


def file_restore(*, actor: User, name: str) -> str:
    """Put what is in the bin under `name` back where it was and have its folder read; returns the path within the library.

    Raises `NotFound`, `PlaceTaken` and disk errors.
    """
    root = root_real(Path(configuration().anime_directory))
    path = path_stored(str(recycled_restore(name).relative_to(root)))
    log.info("library_file_restored", actor=str(actor.pk), path=path)
    scan_request(actor, only=[path.rpartition("/")[0]])
    return path
