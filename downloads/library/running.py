"""One scan at a time: who runs it, whether that process still lives, what it has counted so far."""

import os
import platform
import secrets
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from downloads.models import LibraryScan, ScanState

SILENCE = timedelta(seconds=60)
"""A scan that gave no sign of life for so long is over, wherever it ran."""
BEAT_SECONDS = 2.0
_TOKEN = secrets.token_hex(4)
_COUNTS = (
    "seen", "skipped", "added", "changed", "moved", "gone", "matched", "unmatched", "new_series", "new_episodes"
)  # fmt: skip


class ScanLost(Exception):
    """Somebody else declared this scan dead and took over: stop at once."""


def scan_begin() -> tuple[LibraryScan, bool]:
    """(a scan of our own, True), or (the one that runs already, False). One whose process died is closed before."""
    for row in LibraryScan.objects.filter(state=ScanState.RUNNING):
        if not _is_alive(row):
            LibraryScan.objects.filter(pk=row.pk, state=ScanState.RUNNING).update(
                state=ScanState.FAILED, error_detail="its process died", finished_at=timezone.now()
            )
    try:
        with transaction.atomic():
            return LibraryScan.objects.create(holder=_holder()), True
    except IntegrityError:
        running = LibraryScan.objects.filter(state=ScanState.RUNNING).first()
        return running or LibraryScan.objects.latest("started_at"), False


def _holder() -> str:
    return f"{platform.node()[:150]}:{os.getpid()}:{_TOKEN}"


def _is_alive(row: LibraryScan) -> bool:
    if row.heartbeat_at < timezone.now() - SILENCE:
        return False
    host, _colon, rest = row.holder.rpartition(":")[0].rpartition(":")
    if host != platform.node()[:150] or not rest.isdecimal():
        return True
    if int(rest) == os.getpid():
        return row.holder == _holder()
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


class Beat:
    """The sign of life of a running scan: writes its counts every two seconds at most and tells how far it is."""

    def __init__(self, scan: LibraryScan, on_progress: Callable[[int, int], None] | None) -> None:
        self._scan, self._on_progress = scan, on_progress
        self._next = time.monotonic() + BEAT_SECONDS
        self.done, self.total = 0, 0

    def __call__(self) -> None:
        """Raises `ScanLost` when the scan is not ours any more. Call it outside of transactions."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + BEAT_SECONDS
        counts = {name: getattr(self._scan, name) for name in _COUNTS}
        mine = LibraryScan.objects.filter(pk=self._scan.pk, state=ScanState.RUNNING)
        if not mine.update(heartbeat_at=timezone.now(), **counts):
            raise ScanLost(str(self._scan.pk))
        if self._on_progress is not None:
            self._on_progress(self.done, self.total)


def scan_end(scan: LibraryScan, *, seconds: float, error: str = "") -> None:
    """Close a scan of ours with its counts; nothing when somebody else closed it."""
    scan.state = ScanState.FAILED if error else ScanState.DONE
    scan.error_detail, scan.seconds, scan.finished_at = error[:2000], seconds, timezone.now()
    counts = {name: getattr(scan, name) for name in _COUNTS}
    LibraryScan.objects.filter(pk=scan.pk, state=ScanState.RUNNING).update(
        state=scan.state, error_detail=scan.error_detail, seconds=seconds, finished_at=scan.finished_at, **counts
    )
