"""Imports of a person: their history, their lines, what they came to."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.facade import User
from core.errors import NotFound
from core.models import Job, JobState
from lists.importing.errors import ListFileRefused
from lists.importing.file_reasons import file_reason_words
from lists.models import ImportState, ListImport, ListImportRow, RowOutcome
from lists.services.import_jobs import WORKING
from lists.services.imports import KEPT, KEPT_UNAPPLIED


@dataclass(frozen=True, slots=True)
class ImportShown:
    """An import with how far its job is. `state` is "failed" too when a job died over it; `progress` 0–100.

    `is_stopped`: half applied or half undone, and nobody works on it: asking for it again goes on.
    """

    row: ListImport
    state: str
    progress: float
    is_stopped: bool
    is_kept: bool

    @property
    def error_words(self) -> str:
        """Why the file was refused, in the reader's language; of older imports in the words that were kept."""
        row = self.row
        title = next((kind.title for kind in ListFileRefused.__subclasses__() if kind.code == row.error_code), "")
        return file_reason_words(row.error_reason, row.error_facts or {}) or row.error_detail or str(title)

    @property
    def kept_until(self) -> datetime:
        """Until when its lines are kept and it can be undone."""
        return self.row.created_at + (KEPT_UNAPPLIED if self.is_previewed else KEPT)

    @property
    def is_previewed(self) -> bool:
        """Whether its lines may still be chosen upon."""
        return self.state == ImportState.PREVIEWED

    @property
    def is_working(self) -> bool:
        return self.state in WORKING and not self.is_stopped


def imports_of(user: User, *, limit: int | None = None) -> QuerySet[ListImport]:
    """The user's imports, newest first."""
    return ListImport.objects.filter(user=user).order_by("-created_at", "-pk")[:limit]


def import_get(user: User, import_id: uuid.UUID) -> ListImport:
    """One of the user's imports. Raises `NotFound` for others' and unknown ones."""
    found = ListImport.objects.select_related("user").filter(user=user, pk=import_id).first()
    if found is None:
        raise NotFound()
    return found


def imports_shown(rows: Iterable[ListImport]) -> list[ImportShown]:
    """Each with how far its job is; two queries."""
    imports = list(rows)
    jobs = Job.objects.in_bulk([row.job_id for row in imports if row.job_id and row.state in WORKING])
    for row in imports:
        if row.state in WORKING and not _is_live(jobs.get(row.job_id) if row.job_id else None):
            row.refresh_from_db()  # its job may have ended between the two reads
    lines = ListImportRow.objects.filter(list_import__in=imports).order_by()
    kept = set(lines.values_list("list_import_id", flat=True).distinct())
    return [_shown(row, jobs.get(row.job_id) if row.job_id else None, row.pk in kept) for row in imports]


def _shown(row: ListImport, job: Job | None, is_kept: bool) -> ImportShown:
    is_dead = row.state in WORKING and not _is_live(job)
    state = ImportState.FAILED.value if is_dead and row.state == ImportState.READING else str(row.state)
    is_stopped = is_dead and row.state != ImportState.READING
    is_done = row.state not in WORKING and row.state != ImportState.FAILED
    progress = 100.0 if is_done else job.progress if job is not None else 0.0
    return ImportShown(row, state, progress, is_stopped, is_kept)


def _is_live(job: Job | None) -> bool:
    return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)


def import_rows(list_import: ListImport, *, outcome: str = "") -> QuerySet[ListImportRow]:
    """The lines in the order of the file, those of one outcome or all."""
    rows = ListImportRow.objects.filter(list_import=list_import).order_by("position")
    return rows.filter(outcome=outcome) if outcome else rows


def import_report(list_import: ListImport) -> dict[str, Any]:
    """What the file came to, as the shell prints it: numbers, and each unknown title and each line not taken by name."""
    counts = list_import.counts
    listed = import_rows(list_import).filter(outcome__in=[RowOutcome.UNKNOWN, RowOutcome.ERROR])
    rows = list(listed.only("position", "title", "outcome", "record", "candidates", "reason"))
    return {
        "total": counts["total"],
        "new": counts[RowOutcome.NEW],
        "changed": counts[RowOutcome.CHANGED],
        "same": counts[RowOutcome.SAME],
        "conflicts": counts[RowOutcome.CONFLICT],
        "unknown": [
            {
                "title": row.title,
                "ids": dict(reversed(row.record["ids"])),
                "candidates": row.candidates,
            }
            for row in rows
            if row.outcome == RowOutcome.UNKNOWN
        ],
        "errors": [
            {"position": row.position, "title": row.title, "reason": row.reason}
            for row in rows
            if row.outcome == RowOutcome.ERROR
        ],
    }
