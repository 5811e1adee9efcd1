"""Celery's entry points of the core: load by id, call a service."""

from celery import shared_task


@shared_task(name="core.tasks.job_run")
def job_run_task(job_id: str) -> None:
    """Do one job if its lease can be had."""
    from core.jobs.services import job_run

    job_run(job_id=job_id)


@shared_task(name="core.tasks.jobs_sweep")
def jobs_sweep() -> int:
    """Send lost jobs again (every 30 s)."""
    from core.jobs import services

    return services.jobs_sweep()


@shared_task(name="core.tasks.realtime_trim")
def realtime_trim() -> int:
    """Forget realtime events past their retention (hourly)."""
    from core.realtime import services

    return services.realtime_trim()
