"""Enrichments: one at a time for one anime, whoever asks for it and by whatever name; the row says what came of it."""

import datetime
import time
from collections.abc import Iterable
from typing import Any, cast

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.facade import anime_ids_by_external, anime_ids_current
from core.errors import NotFound, ValidationFailed
from core.jobs import JobContext, job_enqueue, job_hasten
from core.jobs.errors import JobExists, JobRetry
from core.models import Job, JobState
from providers.enriching.run import ATTEMPTS, PASSING, Run
from providers.enriching.searching import searched_lately
from providers.models import Enrichment, ProviderTitle
from providers.services.stages import STAGES
from providers.services.titles import titles_forget

ENRICH_JOB = "providers.enrich"
QUEUE = "providers"
FRESH = datetime.timedelta(minutes=20)
"""A success younger than this is not repeated. What services said of it stays good for a day: their clients keep it."""
FAILURE_REST = datetime.timedelta(minutes=2)
"""How long after a failure nobody tries again unless forced."""
POLL_SECONDS = 0.25
MAX_WAIT_SECONDS = 60.0
MAX_MAL_ID = 2_147_483_647

Subject = Model | int
"""An `Anime`, a `ProviderTitle`, or a MAL id."""


def enrichment_request(*, key_of: Subject, is_forced: bool = False) -> Enrichment:
    """Have an anime, a provider's title or a MAL id enriched; at once gives back the row that will say what came of it.

    At most one job for each is alive: who asks again meanwhile gets the same. What succeeded in the last 20 minutes, or
    failed in the last two, is not repeated unless `is_forced`, which also wakes a job that waits for a service. Raises
    `NotFound` for an anime that is gone and `ValidationFailed` for a number that no MAL id is.
    """
    key, payload = _named(key_of)
    now = timezone.now()
    row = Enrichment.objects.filter(key=key).first()
    if row is not None and not is_forced and _is_recent(row, now):
        return row
    for _time in range(2):
        try:
            with transaction.atomic():
                job = job_enqueue(
                    kind=ENRICH_JOB,
                    payload={**payload, "key": key, "is_forced": is_forced},
                    unique_key=key,
                    queue=QUEUE,
                    max_attempts=ATTEMPTS,
                )
                asked = {"job_id": job.id, "requested_at": now, "anime_id": payload.get("anime_id")}
                if row is not None and "joined" in row.result:
                    asked["result"] = {}
                return Enrichment.objects.update_or_create(key=key, defaults=asked)[0]
        except JobExists as exists:
            joined = _joined_row(key, payload.get("anime_id"), exists.extra["job_id"])
            return _hastened(joined, exists.extra["job_id"]) if is_forced else joined
        except IntegrityError:
            continue  # The job that stood in the way ended in between, or another process made the row.
    return Enrichment.objects.get(key=key)


def enrichment_wait(*, enrichment: Enrichment, seconds: float) -> Enrichment:
    """The row once the enrichment that was asked for has ended, well or not, or after `seconds` (at most 60) as it is.

    A query each quarter of a second, none of them in a transaction: call it outside of one.
    """
    until = time.monotonic() + min(max(0.0, seconds), MAX_WAIT_SECONDS)
    row = enrichment_now(enrichment)
    while not is_settled(row) and time.monotonic() < until:
        time.sleep(min(POLL_SECONDS, max(0.0, until - time.monotonic())))
        row = enrichment_now(row)
    return row


def enrichments_forget(*, older_than: datetime.timedelta) -> int:
    """Delete those of titles and of MAL ids that became no anime, and that nobody asked for since; how many went."""
    return Enrichment.objects.filter(anime=None, requested_at__lt=timezone.now() - older_than).delete()[0]


def enrichment_now(enrichment: Enrichment) -> Enrichment:
    """The row as it is now; where it turned out to be another one's anime, that one's. A job that died is a failure."""
    row = Enrichment.objects.get(pk=enrichment.pk)
    if joined := row.result.get("joined"):
        row = Enrichment.objects.filter(key=joined).first() or row
    if not is_settled(row):
        job = Job.objects.filter(pk=row.job_id).only("state", "error_code").first() if row.job_id else None
        if job is None or job.state in (JobState.FAILED, JobState.CANCELLED, JobState.DONE):
            row.refresh_from_db()
        if not is_settled(row) and (job is None or job.state in (JobState.FAILED, JobState.CANCELLED)):
            code = (job.error_code or str(job.state)) if job else "cancelled"
            _settle([row.key], row.anime_id, row.result, error_code=code)
            row.refresh_from_db()
    return row


def is_settled(row: Enrichment) -> bool:
    """Whether what was asked for last has ended."""
    ends = [at for at in (row.succeeded_at, row.failed_at) if at is not None]
    return any(at >= row.requested_at for at in ends)


def enrichment_work(context: JobContext) -> dict[str, Any]:
    """The job: every stage that is not done yet, then the row. Failures that pass by themselves are tried again later."""
    run = Run(context)
    for place, (name, stage) in enumerate(STAGES):
        if name in run.done("stages"):
            continue
        run.stage_enter(name, 100 * place / (len(STAGES) + 1))
        stage(run)
        run.note("stages", name)
        if run.anime_id is not None and not _is_ours(run):
            return _hand_over(run)
    run.stage_enter("snapshot", 100 * len(STAGES) / (len(STAGES) + 1))
    is_tried_again = bool(run.delay) and not run.is_last_attempt
    if run.anime_id is None and run.title_id is not None and not is_tried_again:
        titles_forget(ids=[run.title_id])
        run.titles_changed()
    result = _result(run)
    first = next(iter(run.done("problems")), None)
    error_code = first["code"] if first and not run.done("heard") else ""
    _settle([context.payload["key"], _key(run)], run.anime_id, result, error_code=error_code)
    if is_tried_again:
        code = next(problem["code"] for problem in run.done("problems") if problem["code"] in PASSING)
        run.again()
        run.keep()
        raise JobRetry(f"asked again in {run.delay:.0f} s", code=code, delay=run.delay)
    return result


def _named(of: Subject) -> tuple[str, dict[str, Any]]:
    """(key, what the job needs to know); the key of the anime wherever it is known."""
    if isinstance(of, bool) or (isinstance(of, int) and not 0 < of <= MAX_MAL_ID):
        raise ValidationFailed({"mal_id": [_("This is no MAL id.")]})
    if isinstance(of, int):
        found = anime_ids_by_external([("mal", str(of)), ("shikimori", str(of))])
        ids = sorted(set().union(*found.values()))
        return _of_anime(ids[0]) if ids else (f"mal:{of}", {"mal_id": of})
    if isinstance(of, ProviderTitle):
        if of.anime_id is not None:
            return _of_anime(of.anime_id)
        return f"title:{of.pk}", {"title_id": of.pk}
    if isinstance(of, apps.get_model("catalog", "Anime")):
        return _of_anime(cast(int, of.pk))
    raise TypeError(type(of))


def _of_anime(anime_id: int) -> tuple[str, dict[str, Any]]:
    current = anime_ids_current([anime_id]).get(anime_id)
    if current is None:
        raise NotFound()
    return f"anime:{current}", {"anime_id": current, "memory": {"anime_id": current}}


def _is_recent(row: Enrichment, now: datetime.datetime) -> bool:
    """Whether the last one ended so lately that another would find nothing new."""
    if not is_settled(row):
        return False
    if row.failed_at is not None and row.failed_at >= row.requested_at:
        return now - row.failed_at < FAILURE_REST
    return row.succeeded_at is not None and now - row.succeeded_at < FRESH


def _joined_row(key: str, anime_id: int | None, job_id: str) -> Enrichment:
    """The row of the job that is alive; a job that found out in between which anime it is has this key without a row."""
    now = timezone.now()
    made = {"job_id": job_id, "requested_at": now, "anime_id": anime_id}
    return Enrichment.objects.get_or_create(key=key, defaults=made)[0]


def _hastened(row: Enrichment, job_id: str) -> Enrichment:
    """The row after a job that waited was woken: who waits now waits for that attempt and not for what the last one told."""
    with transaction.atomic():
        if job_hasten(job_id=job_id):
            row.requested_at = timezone.now()
            row.save(update_fields=["requested_at"])
    return row


def _key(run: Run) -> str:
    return run.context.payload["key"] if run.anime_id is None else f"anime:{run.anime_id}"


def _is_ours(run: Run) -> bool:
    """Whether this job is the one of its anime: it takes the anime's key as soon as it knows it, unless another has it."""
    key = _key(run)
    if run.memory.get("key", run.context.payload["key"]) == key:
        return True
    try:
        with transaction.atomic():
            Job.objects.filter(id=run.context.job_id).update(unique_key=key)
            made = {"job_id": run.context.job_id, "requested_at": timezone.now(), "anime_id": run.anime_id}
            Enrichment.objects.update_or_create(key=key, defaults=made)
            Enrichment.objects.filter(key=run.context.payload["key"]).update(anime=run.anime_id)
    except IntegrityError:
        return False
    run.memory["key"] = key
    return True


def _hand_over(run: Run) -> dict[str, Any]:
    """Another job enriches this anime already: what was read here joins it, and who waits for this one waits for that."""
    from providers.services.episodes import sources_sync

    for title in run.titles():
        if title.pk in run.done("scraped"):
            run.beat()
            sources_sync(title=title)
    result = {"joined": _key(run)}
    Enrichment.objects.filter(key=run.context.payload["key"]).update(anime=run.anime_id, result=result)
    return result


def _result(run: Run) -> dict[str, Any]:
    """What came of it, for people and programs."""
    now = timezone.now().isoformat()
    searched = {} if run.anime_id is None else searched_lately(run.anime_id)
    return {
        "anime_id": run.anime_id,
        "titles": [
            {
                "provider": title.provider.name,
                "slug": title.slug,
                "match": title.match_state,
                "confidence": title.confidence,
                "is_read": title.episodes_at is not None,
            }
            for title in run.titles()
        ],
        "match": run.memory.get("match"),
        "metadata": run.memory.get("metadata", {}),
        "changed": run.memory.get("changed", {}),
        "new_episodes": run.memory.get("new_episodes", 0),
        "new_sources": run.memory.get("new_sources", 0),
        "searched": {**searched, **dict.fromkeys(run.done("searched"), now)},
        "problems": run.done("problems"),
    }


def _settle(keys: Iterable[str], anime_id: int | None, result: dict[str, Any], *, error_code: str) -> None:
    """Write what came of it into the rows of every name that it was asked for by."""
    now = timezone.now()
    ended: dict[str, Any] = {"failed_at": now} if error_code else {"succeeded_at": now}
    Enrichment.objects.filter(key__in=set(keys)).update(
        anime=anime_id, result=result, error_code=error_code[:60], **ended
    )
