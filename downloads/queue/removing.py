"""Taking a file out of the library."""

from pathlib import Path

import structlog
from django.db import transaction
from django.utils import timezone

from catalog.facade import sources_at, sources_retire
from core.errors import DomainError
from downloads.configuration.store import configuration
from downloads.library.paths import PREFIX, path_raw
from downloads.models import Download, FileState, LibraryFile
from downloads.placing.recycling import recycle

log = structlog.get_logger("downloads")


def file_remove(path: str) -> None:
    """Move a file of the library ("library:…") into the recycle bin; its sources play no more, its row says that it is gone.

    The file moves when the caller's transaction is committed. One that is gone already is no error; one that cannot be
    moved then stays, and the next scan finds it again.
    """
    relative, now = path.removeprefix(PREFIX), timezone.now()
    sources_retire(source_ids=sources_at([path]).get(path, []))
    LibraryFile.objects.filter(path=relative).update(state=FileState.GONE, gone_at=now)
    Download.objects.filter(path=path, reaped_at=None).update(reaped_at=now)
    transaction.on_commit(lambda: _recycle(relative))


def _recycle(relative: str) -> None:
    root = Path(configuration().anime_directory)
    try:
        recycle(Path(f"{root}/{path_raw(relative)}"), root)
    except (DomainError, OSError) as error:
        log.warning("file_not_recycled", file=relative, error=getattr(error, "code", type(error).__name__))
