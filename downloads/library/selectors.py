"""What staff see of the library: what was not recognised, what belongs to an anime, how far the last scan came."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from catalog.facade import anime_outlines
from downloads.library.reasons import reasons_text
from downloads.models import FileState, LibraryFile, LibraryScan, ScanState


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An anime that a file may be; `confidence` 0–100, `why` in the reader's language."""

    anime_id: int
    title: str
    year: int | None
    confidence: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuggestedFile:
    """A file with what it may be, the likeliest first (five at most)."""

    file: LibraryFile
    suggestions: tuple[Suggestion, ...]


def files_unmatched(*, q: str = "") -> QuerySet[LibraryFile]:
    """Files that nobody recognised, by path; `q`: whose path has these words (all of them, whatever their order)."""
    rows = LibraryFile.objects.filter(state=FileState.UNMATCHED).order_by("path")
    for word in q.replace("\0", " ").split()[:10]:
        rows = rows.filter(path__icontains=word[:100])
    return rows


def suggestions_fill(files: Sequence[LibraryFile]) -> list[SuggestedFile]:
    """The suggestions of one page of files with the titles of their anime; one query."""
    wanted = {int(one[0]) for file in files for one in file.suggestions}
    outlines = anime_outlines(wanted) if wanted else {}
    return [
        SuggestedFile(
            file,
            tuple(
                Suggestion(outline.id, outline.title, outline.year, int(confidence), tuple(reasons_text(str(why))))
                for anime_id, confidence, why in file.suggestions
                if (outline := outlines.get(int(anime_id))) is not None
            ),
        )
        for file in files
    ]


def files_of_anime(anime_id: int) -> QuerySet[LibraryFile]:
    """Files of an anime that are on disk, by kind and episode."""
    rows = LibraryFile.objects.filter(anime=anime_id, state=FileState.MATCHED)
    return rows.order_by("episode_kind", "first", "path")


def files_counts() -> dict[str, int]:
    """{state: how many files}, each state named; one query."""
    rows = LibraryFile.objects.order_by().values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(FileState.values, 0) | {str(state): count for state, count in rows}


def scan_last() -> LibraryScan | None:
    """The scan that ended last, None before the first."""
    return LibraryScan.objects.exclude(state=ScanState.RUNNING).order_by("-started_at").first()


def scan_running() -> LibraryScan | None:
    """The scan that runs now, with its counts so far."""
    return LibraryScan.objects.filter(state=ScanState.RUNNING).first()
