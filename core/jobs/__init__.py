"""Durable work: `Job` rows with a lease, a heartbeat, stages and progress.

A kind of work is a function registered with `@job_kind("catalog.import")`; `job_enqueue` makes the row and, on commit, the
Celery message. Whoever runs it holds a lease; when the holder dies the sweeper puts the row back, so a lost message or a
killed worker costs seconds, not work.
"""

from core.jobs.context import JobContext
from core.jobs.registry import job_kind
from core.jobs.services import job_cancel, job_enqueue, job_hasten

__all__ = ["JobContext", "job_cancel", "job_enqueue", "job_hasten", "job_kind"]
