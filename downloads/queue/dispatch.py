"""Which download starts next, and when: priorities, limits, quiet hours, space."""

from collections import Counter

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.jobs import job_enqueue
from core.jobs.errors import JobExists
from downloads.configuration.store import configuration
from downloads.errors import DiskFull, DownloadFailed, FolderUnavailable
from downloads.models import Download, DownloadState, QueueControl, QueueMode
from downloads.placing.space import space_check
from downloads.queue.choosing import source_choose
from downloads.queue.parts import parts_root
from downloads.queue.quiet import is_quiet

log = structlog.get_logger("downloads")

KIND = "downloads.run"
LOOKED_AT = 200
"""So many of those that wait are looked at for one that may start: a host that is busy must not hold up all others."""
_JOB_ATTEMPTS = 10_000
"""A worker that dies costs the job an attempt; how often that may happen is counted by the download (`crashes`)."""


def queue_dispatch() -> int:
    """Start as many waiting downloads as the limits allow; how many were started.

    Two dispatchers at once see each other through the row of the queue: the second waits and finds the places taken.
    """
    if not _waiting().exists():
        return 0
    if reason := waits_because():
        log.debug("queue_waits", reason=reason)
        return 0
    with transaction.atomic():
        control, _made = QueueControl.objects.select_for_update().get_or_create(pk=1)
        if control.mode != QueueMode.RUNNING:
            return 0
        values = configuration()
        busy = Counter(Download.objects.filter(state=DownloadState.RUNNING).values_list("host", flat=True))
        places = values.parallel_downloads - busy.total()
        started = 0
        for download in _waiting()[:LOOKED_AT] if places > 0 else ():
            host = _host_of(download)
            if host and busy[host] >= values.parallel_per_host:
                continue
            if not _start(download, host):
                continue
            busy[host] += 1
            started += 1
            if started >= places:
                break
    return started


def waits_because() -> str:
    """Why nothing starts now whatever waits: quiet_hours, disk_full or folder_unavailable; "" when nothing stands in the way."""
    if is_quiet():
        return "quiet_hours"
    try:
        space_check(parts_root(), needed=0, floor=configuration().free_space_floor)
    except DiskFull:
        return "disk_full"
    except (FolderUnavailable, OSError):  # a disk that is not mounted, or answers with errors
        return "folder_unavailable"
    return ""


def _waiting() -> QuerySet[Download]:
    due = Q(retry_at=None) | Q(retry_at__lte=timezone.now())
    return Download.objects.filter(due, state=DownloadState.QUEUED).order_by("-priority", "position", "pk")


def _host_of(download: Download) -> str:
    """Where it would be fetched from; "" when there is nothing: it starts all the same, to fail with the reason."""
    try:
        return source_choose(download).host
    except DownloadFailed:
        return ""


def _start(download: Download, host: str) -> bool:
    """False while the worker that had it last has not yet left it."""
    payload = {"download": str(download.pk)}
    try:
        job = job_enqueue(
            kind=KIND, payload=payload, queue="media", max_attempts=_JOB_ATTEMPTS, unique_key=download.pk.hex
        )
    except JobExists:
        return False
    now = timezone.now()
    Download.objects.filter(pk=download.pk).update(
        state=DownloadState.RUNNING,
        job=job,
        host=host,
        attempt=F("attempt") + 1,
        crashes=0,
        retry_at=None,
        is_pause_wanted=False,
        started_at=download.started_at or now,
        progressed_at=now,
        finished_at=None,
    )
    return True
