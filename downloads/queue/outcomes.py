"""How an attempt ends: with a file, with a reason to try again, with a reason not to, or halted."""

import random
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.egress import PASSING, EgressError
from core.errors import DomainError
from downloads.configuration.store import configuration
from downloads.errors import DownloadFailed
from downloads.models import DownloadAttempt, DownloadState
from downloads.queue.running import Run
from downloads.queue.telling import completed_tell, error_tell

FIRST_DELAY, MAX_DELAY = 20.0, 3600.0
"""Seconds before the second attempt, and before any: each delay is three times the one before, give or take a fifth."""
MAX_DETAIL = 2000


def attempt_halted(run: Run, state: DownloadState) -> None:
    """Back into the queue at its old place, or paused; this attempt does not count."""
    row = run.download
    attempt = max(0, row.attempt - 1)
    run.mine().update(state=state, attempt=attempt, is_pause_wanted=False, job=None, speed=0, seconds_left=None)


def attempt_failed(run: Run, error: DomainError, **changes: Any) -> bool:
    """Keep the reason, and try again later if that may help; whether it will be tried again. `changes` go into the row too."""
    row, now = run.download, timezone.now()
    is_again = is_passing(error) and row.attempt < configuration().max_attempts
    detail = str(error.detail or error.title)[:MAX_DETAIL]
    changes |= {"error_code": error.code, "error_detail": detail, "job": None, "speed": 0}
    if is_again:
        row.retry_at = now + timedelta(seconds=delay_before(row.attempt + 1, error))
        changes |= {"state": DownloadState.QUEUED, "retry_at": row.retry_at}
    else:
        row.retry_at = None
        changes |= {"state": DownloadState.FAILED, "retry_at": None, "finished_at": now}
    with transaction.atomic():
        if not run.mine().update(**changes, seconds_left=None, is_pause_wanted=False):
            return False
        DownloadAttempt.objects.create(
            download=row,
            number=row.attempt,
            stage=row.stage,
            url=row.source_url,
            error_code=error.code,
            error_detail=detail,
            bytes_done=row.bytes_done,
        )
        error_tell(row, code=error.code, message=detail)
    return is_again


def attempt_done(run: Run, **changes: Any) -> bool:
    """The file is in the library; False when the row was not this worker's any more, or became another anime's in this very
    moment. The caller's transaction holds the index.
    """
    row, now = run.download, timezone.now()
    row.finished_at, row.percent = now, 100.0
    same = {"anime": row.anime_id, "episode_kind": row.episode_kind, "episode_number": row.episode_number}
    is_mine = (
        run.mine()
        .filter(**same)
        .update(
            **changes,
            state=DownloadState.DONE,
            percent=100.0,
            stage_percent=100.0,
            error_code="",
            error_detail="",
            finished_at=now,
            job=None,
            target="",
            crashes=0,
            speed=0,
            seconds_left=None,
        )
    )
    if is_mine:
        completed_tell(row, changes["path"])
    return bool(is_mine)


def is_passing(error: DomainError) -> bool:
    """Whether another attempt may end otherwise."""
    if isinstance(error, EgressError):
        return isinstance(error, PASSING)
    return isinstance(error, DownloadFailed) and error.is_passing


def delay_before(attempt: int, error: DomainError) -> float:
    """Seconds to wait before this attempt (2, 3, …): growing, and as long as the host asked for."""
    grown = FIRST_DELAY * 3.0 ** max(0, attempt - 2)
    asked = float(getattr(error, "retry_after", None) or 0.0)
    return min(MAX_DELAY, max(asked, grown * random.uniform(0.8, 1.2)))  # noqa: S311 - only spreads attempts
