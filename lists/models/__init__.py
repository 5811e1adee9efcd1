"""What people have on their lists and how far they have watched."""

from lists.models.entries import EntryStatus, ListEntry
from lists.models.progress import WatchProgress

__all__ = ["EntryStatus", "ListEntry", "WatchProgress"]
