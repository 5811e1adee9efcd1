"""The kinds of jobs of this app, registered when it starts."""

from core.jobs import job_kind
from providers.services import covers, home, matching, posters, refresh  # noqa: F401 — each does a kind of job
from providers.services.enrichment import ENRICH_JOB, enrichment_work

job_kind(ENRICH_JOB)(enrichment_work)
