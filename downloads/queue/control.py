"""What people do with the queue and with what stands in it."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.facade import User
from core.errors import NotFound
from core.jobs import job_cancel
from downloads.errors import DownloadStateWrong
from downloads.models import Download, DownloadState, Priority, QueueControl, QueueMode
from downloads.queue.enqueue import download_exists, position_last, queue_hasten
from downloads.queue.parts import parts_remove
from downloads.queue.removing import file_remove

_BATCH = 500


def queue_set_mode(*, actor: User, mode: QueueMode) -> QueueControl:
    """Set the queue going (`running`), let it run out (`stopped`), or halt also what runs (`paused`)."""
    with transaction.atomic():
        control, _made = QueueControl.objects.select_for_update().get_or_create(pk=1)
        control.mode, control.set_by = mode, actor
        control.save(update_fields=["mode", "set_by", "set_at"])
        queue_hasten()
    return control


def download_pause(*, download: Download) -> Download:
    """Halt it where it is: a running one at its next beat, with all that it has. Raises `DownloadStateWrong` for one that is over."""
    with transaction.atomic():
        row = _held(download)
        if row.state == DownloadState.QUEUED:
            row.state = DownloadState.PAUSED
        elif row.state == DownloadState.RUNNING:
            row.is_pause_wanted = True
        elif row.state != DownloadState.PAUSED:
            raise _wrong(row)
        row.save(update_fields=["state", "is_pause_wanted"])
    return row


def download_resume(*, download: Download) -> Download:
    """Let a paused one go on at its old place, at once if there is room."""
    with transaction.atomic():
        row = _held(download)
        if row.state == DownloadState.PAUSED:
            row.state = DownloadState.QUEUED
        elif row.state not in (DownloadState.QUEUED, DownloadState.RUNNING):
            raise _wrong(row)
        row.is_pause_wanted, row.retry_at = False, None
        row.save(update_fields=["state", "is_pause_wanted", "retry_at"])
        queue_hasten()
    return row


def download_retry(*, download: Download) -> Download:
    """Try one that failed or was cancelled again, from the beginning of its attempts; what was fetched is used.

    One that waits for its next attempt goes now. Raises `DownloadExists` when the episode was queued anew meanwhile.
    """
    with transaction.atomic():
        row = _held(download)
        if row.state in (DownloadState.FAILED, DownloadState.CANCELLED):
            row.state, row.attempt, row.position = DownloadState.QUEUED, 0, position_last()
            row.percent = row.stage_percent = 0.0
            row.error_code = row.error_detail = row.stage = ""
            row.finished_at = None
        elif row.state != DownloadState.QUEUED:
            raise _wrong(row)
        row.retry_at = None
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise download_exists(row.live_key) from error
        queue_hasten()
    return row


def download_cancel(*, download: Download) -> Download:
    """Take it out of the queue and throw away what was fetched. One that is over stays as it is: `DownloadStateWrong`."""
    with transaction.atomic():
        row = _held(download)
        if row.state not in (DownloadState.QUEUED, DownloadState.RUNNING, DownloadState.PAUSED):
            raise _wrong(row)
        _end_job(row)
        row.state, row.finished_at, row.retry_at = DownloadState.CANCELLED, timezone.now(), None
        row.is_pause_wanted = False
        row.save(update_fields=["state", "finished_at", "retry_at", "is_pause_wanted"])
        transaction.on_commit(lambda: parts_remove(row.pk))
        queue_hasten()
    return row


def download_delete(*, actor: User, download: Download) -> None:
    """Remove the row, and the file that it became (reference: DELETE /admin/downloads/:id). Safe in any state: a worker that
    still has it finds its row gone at its next beat and removes what it leaves behind.
    """
    with transaction.atomic():
        row = _held(download)
        _end_job(row)
        path, key = row.path, row.pk
        row.delete()
        if path:
            file_remove(path)
        transaction.on_commit(lambda: parts_remove(key))
        queue_hasten()


def download_set_priority(*, download: Download, priority: Priority) -> Download:
    """Put it behind all others of that priority."""
    with transaction.atomic():
        row = _held(download)
        if row.priority != priority:
            row.priority, row.position = priority, position_last()
            row.save(update_fields=["priority", "position"])
    return row


def download_move(*, download: Download, before: Download | None) -> Download:
    """Put a waiting one directly before another that waits, taking over its priority; None: behind all of its own.

    Raises `DownloadStateWrong` when either does not wait.
    """
    with transaction.atomic():
        rows = Download.objects.select_for_update().filter(state__in=(DownloadState.QUEUED, DownloadState.PAUSED))
        waiting = {row.pk: row for row in rows.order_by("-priority", "position", "pk")}
        row = waiting.get(download.pk)
        if row is None:
            raise _wrong(download)
        if before is None:
            row.position = position_last()
        elif before.pk not in waiting:
            raise _wrong(before)
        elif before.pk != row.pk:
            _insert(row, waiting[before.pk], [one for one in waiting.values() if one.pk != row.pk])
        row.save(update_fields=["priority", "position"])
    return row


def _insert(row: Download, before: Download, others: list[Download]) -> None:
    """Renumber those of the other's priority, with `row` directly before it."""
    row.priority = before.priority
    same = [one for one in others if one.priority == before.priority]
    at = next(place for place, one in enumerate(same) if one.pk == before.pk)
    ordered = [*same[:at], row, *same[at:]]
    first = min(one.position for one in same)
    for place, one in enumerate(ordered):
        # Those that come later keep coming later: numbers end below the present moment.
        one.position = first - len(ordered) + place
    Download.objects.bulk_update([one for one in ordered if one is not row], ["position"], batch_size=_BATCH)


def _held(download: Download) -> Download:
    """The row as it is now, held until the transaction ends; raises `NotFound` when it was deleted meanwhile."""
    row = Download.objects.select_for_update().filter(pk=download.pk).first()
    if row is None:
        raise NotFound()
    return row


def _end_job(row: Download) -> None:
    if row.job is not None and row.state == DownloadState.RUNNING:
        job_cancel(job=row.job)


def _wrong(row: Download) -> DownloadStateWrong:
    return DownloadStateWrong(extra={"state": row.state})


ACTIONS: dict[str, Callable[..., Download]] = {
    "pause": download_pause,
    "resume": download_resume,
    "retry": download_retry,
    "cancel": download_cancel,
}
"""What can be done with one download by its name alone (`download=`), for the API and the pages."""
