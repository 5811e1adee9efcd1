"""The kinds of jobs that downloads are done as."""

from datetime import timedelta

from core.jobs import JobContext, job_kind
from downloads.queue.dispatch import KIND

LEASE = timedelta(seconds=12)
"""A worker that was killed is noticed after so long; a running download reports every second."""


@job_kind(KIND, lease=LEASE)
def download_job(context: JobContext) -> None:
    """One attempt of a download, and then whatever is next in the queue."""
    from downloads.queue.enqueue import queue_hasten
    from downloads.queue.pipeline import download_run

    try:
        download_run(context)
    finally:
        queue_hasten()
