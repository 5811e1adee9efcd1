"""What a killed worker, a lost job or a full disk left behind is put right: rows without a worker, folders without a row."""

from datetime import timedelta

import structlog
from django.db.models import F, Q
from django.utils import timezone

from core.models import Job, JobState
from downloads.models import LIVE_STATES, Download, DownloadState
from downloads.queue.parts import parts_known, parts_remove

log = structlog.get_logger("downloads")

KEPT_PARTS = timedelta(days=7)
"""How long the parts of a failed download wait for somebody to try again."""
_GRACE = timedelta(seconds=30)


def downloads_reconcile() -> int:
    """Put back into the queue what is running by its row and by no job; how many. Two queries when all is well.

    A job whose worker died is no such case: its lease runs out and another worker takes it, with its parts.
    """
    live = Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).values("pk")
    lost = Download.objects.filter(state=DownloadState.RUNNING).filter(Q(job=None) | ~Q(job__in=live))
    # A worker that just ended has written its row a moment before its job.
    rows = lost.filter(Q(progressed_at=None) | Q(progressed_at__lt=timezone.now() - _GRACE))
    count = 0
    for pk in list(rows.values_list("pk", flat=True)):
        count += rows.filter(pk=pk).update(
            state=DownloadState.QUEUED, job=None, speed=0, seconds_left=None, attempt=F("attempt") - 1
        )
        log.warning("download_without_worker", download=str(pk))
    return count


def parts_trim() -> int:
    """Remove folders of parts that nobody will go on with: of downloads that are done, cancelled, deleted, or failed
    a week ago. How many.
    """
    folders = parts_known()
    rows = Download.objects.filter(pk__in=list(folders))
    keep = set(rows.filter(state__in=LIVE_STATES).values_list("pk", flat=True))
    since = timezone.now() - KEPT_PARTS
    keep |= set(rows.filter(state=DownloadState.FAILED, finished_at__gte=since).values_list("pk", flat=True))
    gone = set(folders) - keep
    for key in gone:
        parts_remove(key)
    return len(gone)
