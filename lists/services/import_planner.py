"""What a big import tells the database's planner: how full the tables are now that it filled, so that lists are planned for it."""

from catalog.facade import ratings_statistics_refresh
from core.planner import statistics_refresh
from lists.models import EntryTag, ListActivity, ListEntry, ListImportRow

MANY = 1_000
"""Lines from which on an import may find the database planning for tables that it saw nearly empty."""


def read_refresh(lines: int) -> None:
    """After so many lines were stored. Like `applied_refresh` for callers who hold no transaction."""
    if lines >= MANY:
        statistics_refresh(ListImportRow)


def applied_refresh(lines: int) -> None:
    """After so many lines became entries."""
    if lines >= MANY:
        statistics_refresh(ListEntry, EntryTag, ListActivity)
        ratings_statistics_refresh()
