"""What the function that does a job holds in its hands."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.jobs.errors import JobCancelled, LeaseLost
from core.jobs.registry import job_lease
from core.models import Job, JobState


class JobContext:
    """The job while it runs. Call `report` at least every 30 seconds, or half the lease of its kind: it renews the lease and
    tells the owner.

    `payload` is what was enqueued; `attempt` counts from 1.
    """

    def __init__(self, job: Job, lease: uuid.UUID) -> None:
        self.job_id = job.id
        self.kind = job.kind
        self.payload: dict[str, Any] = job.payload
        self.attempt = job.attempt
        self.owner_id = job.owner_id
        self._lease = lease

    def report(
        self, *, stage: str | None = None, progress: float | None = None, lease: timedelta | None = None
    ) -> None:
        """Renew the lease and store stage and progress (0–100, never going back within an attempt).

        `lease`: this time for so long, before a step that cannot report.

        Raises `LeaseLost` when another worker took over and `JobCancelled` when somebody asked to stop.
        """
        from core.jobs.services import job_announce

        now = timezone.now()
        changes: dict[str, Any] = {"heartbeat_at": now, "lease_until": now + (lease or job_lease(self.kind))}
        if stage is not None:
            changes["stage"] = stage
        if progress is not None:
            changes["progress"] = min(100.0, max(0.0, progress))
        held = Job.objects.filter(id=self.job_id, lease=self._lease, state=JobState.RUNNING)
        if not held.update(**changes):
            raise LeaseLost(str(self.job_id))
        if stage is not None or progress is not None:
            job_announce(job_id=self.job_id)
        if held.filter(cancel_requested=True).exists():
            raise JobCancelled(str(self.job_id))

    def is_first_attempt(self) -> bool:
        """Whether nobody has tried this job before."""
        return self.attempt <= 1


__all__ = ["JobContext"]
