"""Celery's entry points of downloads and the library."""

from celery import shared_task


@shared_task
def queue_tick() -> int:
    """Start what may start, and take up what a dead worker left (every five seconds); how many were started."""
    from core.jobs.services import jobs_sweep
    from downloads.queue.dispatch import KIND, queue_dispatch
    from downloads.queue.reconciling import downloads_reconcile

    jobs_sweep(kinds=(KIND,))
    downloads_reconcile()
    return queue_dispatch()


@shared_task
def parts_trim() -> int:
    """Remove the parts of downloads that are over (nightly)."""
    from downloads.queue import reconciling

    return reconciling.parts_trim()
