"""Keeping what services say of the whole catalogue fresh, in the background and for operators."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone

from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists, JobRetry
from core.models import Job
from providers.enriching.due import anime_due
from providers.enriching.sweep import Sweep
from providers.metadata.asking import ROOMY_SHARE
from providers.metadata.client import MetadataClient
from providers.metadata.clients import clients_enabled
from providers.services.positions import counts_sum, position_keep

REFRESH_JOB = "providers.refresh"
QUEUE = "providers"
ATTEMPTS = 10
"""How often a run is tried, waits for services included; what it leaves undone the next one does."""
BATCH = 50
RUN_SECONDS = 2700
"""How long the slowest service is asked at most in one run: there is one an hour, and people ask, too."""
MOST = 5000
LONGEST_DELAY = 1800.0


@dataclass(slots=True)
class Refreshed:
    """What came of a run: `counts` as `Sweep.counts`; `delay` > 0 when it stopped because services said wait (seconds)."""

    done: int = 0
    delay: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)


def refresh_request() -> Job | None:
    """Have what is due asked for, in the background; None while that is being done, and when there is nobody to ask."""
    if not settings.EGRESS_ENABLED or not clients_enabled():
        return None
    try:
        return job_enqueue(kind=REFRESH_JOB, unique_key="all", queue=QUEUE, max_attempts=ATTEMPTS)
    except JobExists:
        return None


def anime_ids_due(*, limit: int | None = None) -> list[int]:
    """The anime that the services should be asked about now, in that order; at most `limit`, or what one run may ask for."""
    clients = clients_enabled()
    return anime_due(clients, limit=limit or _most(clients), now=timezone.now())


def anime_refresh(
    *,
    anime_ids: Sequence[int],
    started_at: datetime.datetime,
    is_forced: bool = False,
    beat: Callable[[], object] = lambda: None,
    keep: Callable[[int, dict[str, int]], object] = lambda done, counts: None,
) -> Refreshed:
    """Ask the services about these anime and merge what they say, fifty at a time; ends early when all of them say wait.

    What they said since `started_at` is not asked again. `is_forced` asks about what is not due, too. `beat` is called
    every ten seconds, `keep` with (how many are done, counts) after each batch. The caller holds no transaction.
    """
    sweep = Sweep(started_at=started_at, is_forced=is_forced, beat=beat)
    done = 0
    while done < len(anime_ids) and sweep.clients:
        done += sweep.batch(anime_ids[done : done + BATCH])
        keep(done, dict(sweep.counts))
    return Refreshed(done, sweep.delay if done < len(anime_ids) else 0.0, dict(sweep.counts))


@job_kind(REFRESH_JOB)
def refresh_work(context: JobContext) -> dict[str, Any]:
    """The job: who is due is found out once; a run that is taken over goes on behind its last batch."""
    if "anime_ids" not in context.payload:
        started = {"anime_ids": anime_ids_due(), "position": 0, "started_at": timezone.now().isoformat(), "counts": {}}
        context.payload = {**context.payload, **started}
        position_keep(context, stage="asking")
    before = dict(context.payload)
    anime_ids, position = before["anime_ids"], before["position"]

    def keep(done: int, counts: dict[str, int]) -> None:
        context.payload = {**before, "position": position + done, "counts": counts_sum(before["counts"], counts)}
        position_keep(context, stage="asking")

    refreshed = anime_refresh(
        anime_ids=anime_ids[position:],
        started_at=datetime.datetime.fromisoformat(before["started_at"]),
        beat=context.report,
        keep=keep,
    )
    if refreshed.delay:
        delay = min(LONGEST_DELAY, max(refreshed.delay, 15.0 * 2**context.attempt))
        raise JobRetry(f"asked again in {delay:.0f} s", code="services_rest", delay=delay)
    return {"anime": position + refreshed.done, **counts_sum(before["counts"], refreshed.counts)}


def _most(clients: Sequence[MetadataClient]) -> int:
    """How many questions the slowest service allows in one run, which leaves room for others."""
    paces = [rate.times / rate.seconds for client in clients for rate in client.rates]
    return min(MOST, int(RUN_SECONDS * ROOMY_SHARE * min(paces, default=MOST)))
