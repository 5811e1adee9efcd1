"""Noticing that folders of the library changed, without a service of the system: works on network mounts too."""

import time
from datetime import timedelta
from pathlib import Path

from django.core.cache import cache
from django.utils import timezone

from core.models import Job, JobState
from downloads.configuration.store import configuration
from downloads.errors import LibraryMissing
from downloads.library.jobs import SCAN, scan_request
from downloads.library.paths import path_raw
from downloads.models import LibraryFolder, LibraryScan, ScanState

SECONDS = 10.0
"""So long one look takes at most; the next one goes on where it ended."""
DOUBT = timedelta(hours=1)
_CURSOR = "downloads:library-watch"


def library_watch_due() -> int:
    """Compare the folders' times of change with those of the last scan and ask for a scan of what changed; how many folders did.

    Called each minute. Nothing while a scan runs or waits, while the watch is switched off, or while the root is not there
    (a disk that is not mounted). A library that was never scanned is scanned whole.
    """
    settings = configuration()
    root = Path(settings.anime_directory)
    if not settings.scan_on_change or _is_busy() or _is_in_doubt() or not _has_files(root):
        return 0
    if not LibraryFolder.objects.exists():
        scan_request()
        return 1
    changed = folders_due(root)
    if changed:
        scan_request(only=changed)
    return len(changed)


def folders_due(root: Path, *, seconds: float = SECONDS) -> list[str]:
    """Known folders that changed or are gone since the last scan, those that `seconds` allow to look at."""
    until = time.monotonic() + seconds
    begin = str(cache.get(_CURSOR) or "")
    rows = LibraryFolder.objects.filter(path__gt=begin) if begin else LibraryFolder.objects.all()
    found: list[str] = []
    for path, known in rows.order_by("path").values_list("path", "mtime_ns").iterator(chunk_size=2000):
        if time.monotonic() > until:
            cache.set(_CURSOR, path, 3600)
            return found
        try:
            now = Path(f"{root}/{path_raw(path)}" if path else root).stat().st_mtime_ns
        except FileNotFoundError:
            now = -1
        except OSError:
            continue
        if now != known:
            found.append(path)
    cache.delete(_CURSOR)
    return found


def _is_busy() -> bool:
    live = Job.objects.filter(kind=SCAN, state__in=[JobState.QUEUED, JobState.RUNNING])
    return live.exists() or LibraryScan.objects.filter(state=ScanState.RUNNING).exists()


def _is_in_doubt() -> bool:
    """Whether the last scan did not believe what it saw: a person has a look, or the disk comes back, within the hour."""
    last = LibraryScan.objects.order_by("-started_at").first()
    if last is None or last.state != ScanState.FAILED or last.error_detail != LibraryMissing.code:
        return False
    return last.started_at > timezone.now() - DOUBT


def _has_files(root: Path) -> bool:
    try:
        return any(not one.name.startswith(".") for one in root.iterdir())
    except OSError:
        return False
