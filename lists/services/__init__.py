"""Writes of lists."""

from lists.services.activities import activities_clear, activity_undo
from lists.services.bulk import BulkDone, BulkUndone, batch_undo, entries_change
from lists.services.entries import EntrySaved, entry_remove, entry_set
from lists.services.episodes import EpisodeCounted, episode_next, episode_watched
from lists.services.progress import progress_clear, progress_import, progress_save

__all__ = [
    "BulkDone",
    "BulkUndone",
    "EntrySaved",
    "EpisodeCounted",
    "activities_clear",
    "activity_undo",
    "batch_undo",
    "entries_change",
    "entry_remove",
    "entry_set",
    "episode_next",
    "episode_watched",
    "progress_clear",
    "progress_import",
    "progress_save",
]
