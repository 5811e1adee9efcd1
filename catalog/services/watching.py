"""Keeps this host's generation in step with catalogue writers on other hosts."""

from django.db.models import Count, Max

from catalog.models import CatalogChange
from core.generation_watch import watch_start

TAIL = 1000


def change_mark() -> tuple[int, int]:
    """What moves when anyone writes to the change log: its newest id and how many of the last thousand ids are there.

    The second number matters: of two transactions the one with the lower id may commit last.
    """
    newest = CatalogChange.objects.aggregate(newest=Max("id"))["newest"] or 0
    return newest, CatalogChange.objects.filter(id__gt=newest - TAIL).aggregate(n=Count("id"))["n"]


def catalogue_watch() -> None:
    """Start the watcher in this process; further calls do nothing."""
    watch_start(change_mark)
