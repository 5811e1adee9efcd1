"""Scanning and looking inside as durable jobs."""

import uuid
from collections.abc import Collection
from typing import Any

from accounts.facade import User
from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists, JobRetry
from core.models import Job
from downloads.library.running import ScanLost
from downloads.models import ScanState

SCAN, PROBE = "downloads.scan", "downloads.probe"
MOST_FOLDERS = 500
"""More changed folders than this are a whole scan."""


def scan_request(
    actor: User | None = None,
    *,
    only: Collection[str] | None = None,
    is_rematching: bool = False,
    is_sure: bool = False,
) -> Job:
    """Have the library scanned soon; the job that waits or runs already, where there is one.

    `only`: these folders (as `LibraryFolder.path`) and what is new in them. `is_rematching`: try all that was not recognised
    again, after the catalogue has learned something. `is_sure`: believe it when nearly all files are gone.
    """
    payload: dict[str, Any] = {"is_rematching": is_rematching, "is_sure": is_sure}
    key = "all"
    if only is not None and len(only) <= MOST_FOLDERS:
        payload["only"], key = sorted(only), "part"
    owner: uuid.UUID | None = actor.pk if actor is not None else None
    try:
        return job_enqueue(kind=SCAN, payload=payload, owner_id=owner, unique_key=key, queue="media")
    except JobExists as error:
        return Job.objects.get(pk=error.extra["job_id"])


def probe_request() -> Job | None:
    """Have the files looked into that nobody has looked into; None when there are none or it is under way."""
    from downloads.library.probing import files_unprobed

    if not files_unprobed().exists():
        return None
    try:
        return job_enqueue(kind=PROBE, unique_key="all", queue="media")
    except JobExists:
        return None


@job_kind(SCAN)
def scan_job(context: JobContext) -> dict[str, Any]:
    """One scan. While another one runs (a command's) it waits for its turn."""
    from downloads.library.scanning import library_scan

    def progress(done: int, total: int) -> None:
        context.report(stage="scan", progress=100 * done / total if total else None)

    try:
        scan = library_scan(
            on_progress=progress,
            only=context.payload.get("only"),
            is_rematching=bool(context.payload.get("is_rematching")),
            is_sure=bool(context.payload.get("is_sure")),
        )
    except ScanLost as error:
        raise JobRetry("another scan took over", code="scan_lost", delay=15) from error
    if scan.state == ScanState.RUNNING:
        raise JobRetry("another scan runs", code="scan_running", delay=15)
    return {"scan": str(scan.pk), "seen": scan.seen, "added": scan.added, "gone": scan.gone}


@job_kind(PROBE)
def probe_job(context: JobContext) -> dict[str, Any]:
    """Look into files until there are none left that nobody has looked into."""
    from downloads.library.probing import library_probe

    return {"probed": library_probe(beat=lambda: context.report(stage="probe"))}
