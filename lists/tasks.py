"""Celery's entry points of lists."""

from celery import shared_task


@shared_task(name="lists.tasks.neighbours_nightly")
def neighbours_nightly() -> bool:
    """Enqueue the job that works out who likes what together; False while the last one is still at it."""
    from core.jobs import job_enqueue
    from core.jobs.errors import JobExists

    try:
        job_enqueue(kind="lists.neighbours", unique_key="nightly", max_attempts=2)
    except JobExists:
        return False
    return True


@shared_task(name="lists.tasks.imports_trim")
def imports_trim() -> int:
    """Forget the lines of imports older than 90 days (daily)."""
    from lists.services.imports import imports_trim as trim

    return trim()
