"""Celery's entry points of the catalogue."""

from celery import shared_task


@shared_task(name="catalog.tasks.documents_refresh")
def documents_refresh() -> int:
    """Rebuild documents that are missing, stale or behind the calendar (every 15 minutes; most runs find none)."""
    from catalog.services.documents import documents_rebuild_aired, documents_rebuild_stale

    return documents_rebuild_stale() + documents_rebuild_aired()
