"""Writes of lists."""

from lists.services.entries import entry_remove, entry_set
from lists.services.progress import progress_clear, progress_import, progress_save

__all__ = ["entry_remove", "entry_set", "progress_clear", "progress_import", "progress_save"]
