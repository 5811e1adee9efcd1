"""The library's files as staff leaf through them, and how far scanning is."""

from dataclasses import dataclass

from django.db.models import QuerySet

from core.errors import NotFound
from core.models import Job, JobState
from downloads.library.jobs import SCAN
from downloads.library.selectors import scan_last, scan_running
from downloads.models import LibraryFile, LibraryScan

MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Scanning:
    """`job` waits or runs, `running` is the scan that runs (its counts are those so far), `last` the one that ended last.

    A scan can run without a job: the one that a command started.
    """

    job: Job | None
    running: LibraryScan | None
    last: LibraryScan | None

    @property
    def is_busy(self) -> bool:
        return self.job is not None or self.running is not None

    @property
    def progress(self) -> float | None:
        """0–100; None while nobody can tell."""
        return self.job.progress or None if self.job is not None and self.running is not None else None


def scanning() -> Scanning:
    """Three queries, however large the library is."""
    live = Job.objects.filter(kind=SCAN, state__in=[JobState.QUEUED, JobState.RUNNING])
    return Scanning(live.order_by("-state", "created_at").first(), scan_running(), scan_last())


def files_in(state: str, *, q: str = "") -> QuerySet[LibraryFile]:
    """Files of one state by path, their anime loaded; `q`: whose path has these words, whatever their order."""
    rows = LibraryFile.objects.filter(state=state).select_related("anime").defer("info").order_by("path")
    for word in q.replace("\0", " ").split()[:MOST_WORDS]:
        rows = rows.filter(path__icontains=word[:100])
    return rows


def file_get(file_id: int) -> LibraryFile:
    """The file, its anime loaded. Raises `NotFound`."""
    found = LibraryFile.objects.select_related("anime").defer("info").filter(pk=file_id).first()
    if found is None:
        raise NotFound()
    return found
