"""Taking a file out of the library."""

from django.db import transaction
from django.utils import timezone

from catalog.facade import sources_retire
from core.media.errors import PathRefused
from core.media.paths import path_within
from downloads.configuration.store import configuration
from downloads.models import Download, FileState, LibraryFile


def file_remove(path: str) -> None:
    """Move a file of the library ("library:…") into the recycle bin; its source plays no more, its row says that it is gone.

    The file moves when the caller's transaction is committed. One that is gone already is no error.
    """
    from pathlib import Path

    relative = path.partition(":")[2]
    row = LibraryFile.objects.filter(path=relative).first()
    if row is not None:
        if row.source_id is not None:
            sources_retire(source_ids=[row.source_id])
        LibraryFile.objects.filter(pk=row.pk).update(state=FileState.GONE, gone_at=timezone.now())
    Download.objects.filter(path=path).update(reaped_at=timezone.now())
    root = Path(configuration().anime_directory)
    try:
        file = path_within(root, relative)
    except PathRefused:
        return
    transaction.on_commit(lambda: _recycle(file))


def _recycle(file: object) -> None:
    from downloads.placing.recycling import recycle

    recycle(file)  # type: ignore[arg-type]
