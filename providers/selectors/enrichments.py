"""Where enrichments stand."""

from dataclasses import dataclass
from typing import Any

from core.models import Job
from providers.models import Enrichment


@dataclass(frozen=True, slots=True)
class EnrichmentShown:
    """The row with its job, None when that is not kept any more."""

    row: Enrichment
    job: Job | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def enrichment_shown(row: Enrichment) -> EnrichmentShown:
    """A row as people and programs see it; one query."""
    return EnrichmentShown(row, Job.objects.filter(pk=row.job_id).first() if row.job_id else None)
