"""Celery's entry points of the providers app."""

from datetime import timedelta

from celery import shared_task

from providers.fetching import counting, memory

KEPT_DAYS = 30
UNCONFIRMED_KEPT = timedelta(days=2)
"""Longer than an enrichment lasts, all its tries together."""


@shared_task
def pages_trim() -> int:
    """Forget pages and counts of hours that nobody read for 30 days, and titles that no provider told of (nightly)."""
    from providers.services.enrichment import enrichments_forget
    from providers.services.titles import titles_forget

    age = timedelta(days=KEPT_DAYS)
    pages = memory.pages_forget(older_than=age) + counting.host_hours_forget(older_than=age)
    return pages + titles_forget(older_than=UNCONFIRMED_KEPT) + enrichments_forget(older_than=age)


@shared_task
def covers_hash() -> bool:
    """Have posters hashed that have no hash (nightly); whether there is a job for it now."""
    from providers.services.covers import covers_request_due

    return covers_request_due() is not None


@shared_task
def homes_refresh() -> int:
    """Have the home pages read whose time has come (every minute); how many."""
    from providers.services.home import homes_request_due

    return homes_request_due()


@shared_task
def titles_rematch() -> bool:
    """Look again at titles that nobody decided: the catalogue may know them by now (nightly)."""
    from providers.services.matching import titles_rematch_request

    return titles_rematch_request()


@shared_task
def metadata_refresh_due() -> bool:
    """Have the services asked about the anime that are due (hourly); whether there is a job for it now."""
    from providers.services.refresh import refresh_request

    return refresh_request() is not None


@shared_task
def posters_fetch() -> bool:
    """Have posters fetched that the site has no copy of (every quarter of an hour); whether there is a job for it now."""
    from providers.services.posters import posters_request

    return posters_request() is not None
