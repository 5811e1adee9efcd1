"""When each folder of the library was last changed: what a scan remembers so that the next look is cheap."""

from django.db import transaction

from downloads.library.subtitle_rows import is_gone
from downloads.library.walking import Walk
from downloads.models import LibraryFolder

_BATCH = 400


def folders_known() -> dict[str, int]:
    """{folder: its time of change at the last scan}; one query."""
    return dict(LibraryFolder.objects.order_by().values_list("path", "mtime_ns").iterator(chunk_size=2000))


def folders_changed(walk: Walk, known: dict[str, int]) -> set[str]:
    """The folders of a walk whose listing may be another than the last time."""
    return {path for path, folder in walk.folders.items() if not folder.mtime_ns or known.get(path) != folder.mtime_ns}


def folders_write(walk: Walk, known: dict[str, int], *, is_partial: bool) -> None:
    """Remember what was seen. Folders that are not there any more are forgotten (`is_partial`: those that were looked for)."""
    seen = {path: folder.mtime_ns for path, folder in walk.folders.items()}
    rows = [LibraryFolder(path=path, mtime_ns=time) for path, time in seen.items() if known.get(path) != time]
    for start in range(0, len(rows), _BATCH):
        LibraryFolder.objects.bulk_create(
            rows[start : start + _BATCH], update_conflicts=True, unique_fields=["path"], update_fields=["mtime_ns"]
        )
    lost = {path for path in known if path not in seen and is_gone(path, walk, is_partial=is_partial)}
    ordered = sorted(lost)
    for start in range(0, len(ordered), _BATCH):
        with transaction.atomic():
            LibraryFolder.objects.filter(path__in=ordered[start : start + _BATCH]).delete()
