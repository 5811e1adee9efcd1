"""Celery's entry points of downloads and the library."""

import contextlib

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


@shared_task
def orders_serve() -> int:
    """Queue what standing orders wait for (every ten minutes); how many."""
    from downloads.missing.following import follows_catch_up

    return follows_catch_up()


@shared_task
def library_watch() -> int:
    """Have what changed in the library's folders scanned (every minute); how many folders did."""
    from downloads.library.watching import library_watch_due

    return library_watch_due()


@shared_task
def assets_due() -> int:
    """Have some files get their seek pictures and openings (hourly); how many."""
    from downloads.media.due import assets_request_due

    return assets_request_due()


@shared_task
def leftovers_trim() -> int:
    """Forget tickets that ran out, what lay in the recycle bin for long, and pieces of streams that nobody watches (hourly)."""
    from downloads.configuration.store import configuration
    from downloads.errors import FolderUnavailable
    from downloads.placing.recycling import recycled_trim
    from downloads.serving.store import pieces_trim
    from downloads.serving.tickets import tickets_trim

    pieces_trim()
    count = tickets_trim()
    with contextlib.suppress(FolderUnavailable):  # a disk that is not mounted: its bin waits
        count += recycled_trim(configuration().recycle_days)
    return count
