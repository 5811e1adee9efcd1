"""Downloads, tickets, the library's files, follows."""

from downloads.models.downloads import (
    LIVE_KEY,
    LIVE_STATES,
    Download,
    DownloadAttempt,
    DownloadState,
    Priority,
    Stage,
)
from downloads.models.files import FileState, LibraryFile, LibraryFolder, LibraryScan, MatchedBy, ScanState
from downloads.models.follows import VariantFollow
from downloads.models.queue import QueueControl, QueueMode
from downloads.models.tickets import DownloadTicket

__all__ = [
    "LIVE_KEY",
    "LIVE_STATES",
    "Download",
    "DownloadAttempt",
    "DownloadState",
    "DownloadTicket",
    "FileState",
    "LibraryFile",
    "LibraryFolder",
    "LibraryScan",
    "MatchedBy",
    "Priority",
    "QueueControl",
    "QueueMode",
    "ScanState",
    "Stage",
    "VariantFollow",
]
