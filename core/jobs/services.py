"""Enqueue, run, cancel and sweep jobs."""

import traceback
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When
from django.utils import timezone

from core.errors import DomainError
from core.jobs.context import JobContext
from core.jobs.errors import JobCancelled, JobExists, JobRetry, LeaseLost
from core.jobs.registry import job_lease, job_work, leases_of_kinds
from core.models import Job, JobState
from core.realtime import realtime_publish

log = structlog.get_logger("jobs")

MAX_CRASH_DELAY = 3600.0
"""Seconds that a job which crashed again and again waits at most."""


def job_enqueue(
    *,
    kind: str,
    payload: dict[str, Any] | None = None,
    owner_id: uuid.UUID | None = None,
    unique_key: str = "",
    queue: str = "default",
    max_attempts: int = 5,
    run_after: datetime | None = None,
) -> Job:
    """Make the row now and send the message on commit. Raises `JobExists` when a live job has the same kind and key."""
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                payload=payload or {},
                owner_id=owner_id,
                unique_key=unique_key,
                queue=queue,
                max_attempts=max_attempts,
                run_after=run_after,
            )
    except IntegrityError as error:
        live = Job.objects.filter(
            kind=kind, unique_key=unique_key, state__in=[JobState.QUEUED, JobState.RUNNING]
        ).first()
        if live is None:
            raise
        raise JobExists(extra={"job_id": str(live.id)}) from error
    transaction.on_commit(lambda: job_send(job=job))
    return job


def job_send(*, job: Job) -> None:
    """Put the message on the broker. A broker that is away costs nothing: the sweeper sends it later."""
    from core.tasks import job_run_task

    try:
        job_run_task.apply_async(args=[str(job.id)], queue=job.queue, retry=False)
    except Exception as error:
        log.warning("job_not_sent", job_id=str(job.id), error=type(error).__name__)


def job_claim(*, job_id: uuid.UUID | str) -> tuple[Job, uuid.UUID] | None:
    """Take the lease of a queued job, or of a running one whose lease ran out; None when somebody else has it or it is over."""
    now = timezone.now()
    lease = uuid.uuid4()
    free = Q(state=JobState.QUEUED) & (Q(run_after__isnull=True) | Q(run_after__lte=now))
    abandoned = Q(state=JobState.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free | abandoned, id=job_id, attempt__lt=F("max_attempts")).update(
        state=JobState.RUNNING,
        lease=lease,
        lease_until=_lease_ends(now),
        heartbeat_at=now,
        started_at=now,
        attempt=F("attempt") + 1,
        error_code="",
        error_detail="",
    )
    return (Job.objects.get(id=job_id), lease) if taken else None


def _lease_ends(now: datetime) -> Case:
    """The end of a lease taken now, by the kind of the row."""
    short = [When(kind=kind, then=Value(now + lease)) for kind, lease in leases_of_kinds().items()]
    return Case(*short, default=Value(now + job_lease("")), output_field=DateTimeField())


def job_run(*, job_id: uuid.UUID | str) -> Job | None:
    """Do the job if its lease can be had. Returns the row after the work, None when another worker has it."""
    claimed = job_claim(job_id=job_id)
    if claimed is None:
        return None
    job, lease = claimed
    work = job_work(job.kind)
    if work is None:
        return _finish(job, lease, state=JobState.FAILED, code="unknown_kind", detail=job.kind)
    try:
        if job.cancel_requested:
            raise JobCancelled(str(job.id))
        result = work(JobContext(job, lease))
    except LeaseLost:
        log.warning("job_lease_lost", job_id=str(job.id), kind=job.kind)
        return None
    except JobCancelled:
        return _finish(job, lease, state=JobState.CANCELLED)
    except JobRetry as error:
        return _retry(job, lease, code=error.code, detail=str(error), delay=error.delay)
    except DomainError as error:
        return _finish(job, lease, state=JobState.FAILED, code=error.code, detail=str(error.detail or error.title))
    except Exception as error:
        log.exception("job_crashed", job_id=str(job.id), kind=job.kind)
        last_line = traceback.format_exception_only(error)[-1].strip()[:500]
        return _retry(job, lease, code="crashed", detail=last_line, delay=min(MAX_CRASH_DELAY, 10.0 * 2**job.attempt))
    return _finish(job, lease, state=JobState.DONE, result=result or {})


def _retry(job: Job, lease: uuid.UUID, *, code: str, detail: str, delay: float) -> Job | None:
    if job.attempt >= job.max_attempts:
        return _finish(job, lease, state=JobState.FAILED, code=code, detail=detail)
    return _write(
        job,
        lease,
        state=JobState.QUEUED,
        lease=None,
        lease_until=None,
        run_after=timezone.now() + timedelta(seconds=delay),
        error_code=code,
        error_detail=detail,
    )


def _finish(
    job: Job,
    lease: uuid.UUID,
    *,
    state: JobState,
    result: dict[str, Any] | None = None,
    code: str = "",
    detail: str = "",
) -> Job | None:
    changes: dict[str, Any] = {"progress": 100.0} if state == JobState.DONE else {}
    return _write(
        job,
        lease,
        state=state,
        lease=None,
        lease_until=None,
        finished_at=timezone.now(),
        result=result or {},
        error_code=code,
        error_detail=detail,
        **changes,
    )


def _write(job: Job, held: uuid.UUID, **changes: Any) -> Job | None:
    """Write the outcome only while the lease is ours: a second run of a long task leaves no trace."""
    with transaction.atomic():
        if not Job.objects.filter(id=job.id, lease=held).update(**changes):
            return None
        job_announce(job_id=job.id)
    job.refresh_from_db()
    return job


def job_announce(*, job_id: uuid.UUID) -> None:
    """Tell the owner, if there is one, where the job stands."""
    with transaction.atomic():
        job = Job.objects.filter(id=job_id, owner__isnull=False).first()
        if job is not None and job.owner_id is not None:
            realtime_publish(
                user_ids=[job.owner_id],
                type="job.updated",
                payload={
                    "id": str(job.id),
                    "kind": job.kind,
                    "state": job.state,
                    "stage": job.stage,
                    "progress": job.progress,
                    "error": job.error_code or None,
                },
            )


def job_cancel(*, job: Job) -> None:
    """Ask a job to stop: a queued one is cancelled at once, a running one at its next report."""
    now = timezone.now()
    with transaction.atomic():
        if Job.objects.filter(id=job.id, state=JobState.QUEUED).update(state=JobState.CANCELLED, finished_at=now):
            job_announce(job_id=job.id)
        else:
            Job.objects.filter(id=job.id, state=JobState.RUNNING).update(cancel_requested=True)


def job_hasten(*, job_id: uuid.UUID | str) -> bool:
    """Do a waiting job now instead of at its time; False when it does not wait (it runs or is over)."""
    with transaction.atomic():
        if not Job.objects.filter(id=job_id, state=JobState.QUEUED).update(run_after=None):
            return False
        job = Job.objects.get(id=job_id)
        transaction.on_commit(lambda: job_send(job=job))
    return True


def jobs_sweep(*, limit: int = 500, kinds: Collection[str] | None = None) -> int:
    """Send again what was lost: queued jobs that are due and running ones whose lease ran out. Returns how many were sent.

    `kinds`: only of these.

    A job that used up its attempts fails with `lease_expired`. Sending twice is harmless: the lease decides.
    """
    now = timezone.now()
    jobs = Job.objects.all() if kinds is None else Job.objects.filter(kind__in=kinds)
    dead = jobs.filter(state=JobState.RUNNING, lease_until__lt=now, attempt__gte=F("max_attempts"))
    for job_id in list(dead.values_list("id", flat=True)[:limit]):
        with transaction.atomic():
            if dead.filter(id=job_id).update(
                state=JobState.FAILED, lease=None, lease_until=None, finished_at=now, error_code="lease_expired"
            ):
                job_announce(job_id=job_id)
    due = jobs.filter(
        Q(state=JobState.QUEUED, created_at__lt=now - timedelta(seconds=5))
        & (Q(run_after__isnull=True) | Q(run_after__lte=now))
        | Q(state=JobState.RUNNING, lease_until__lt=now),
        attempt__lt=F("max_attempts"),
    ).order_by("created_at")[:limit]
    found = list(due)
    for job in found:
        job_send(job=job)
    return len(found)
