"""Copies of everything about a person: asked for, made by a job, kept for a week, deleted with their files."""

import secrets
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from accounts.errors import ExportExists, ExportExpired, ExportNotReady
from accounts.models import DataExport, User
from accounts.services.export_files import export_zip
from accounts.services.notices import notice_send
from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists, LeaseLost
from core.models import JobState

KIND = "accounts.export"
LIFETIME = timedelta(days=7)


def private_storage() -> Storage:
    """Where exports lie: nothing there has an address."""
    return storages["private"]


def export_request(*, user: User) -> DataExport:
    """Ask for a new copy; a job makes it. Raises `ExportExists` while one is being made (`export_id` names it)."""
    try:
        with transaction.atomic():
            export = DataExport.objects.create(user=user)
            export.job = job_enqueue(
                kind=KIND,
                payload={"export_id": str(export.pk), "language": translation.get_language() or ""},
                owner_id=user.pk,
                unique_key=str(user.pk),
            )
            export.save(update_fields=["job"])
    except JobExists as error:
        running = DataExport.objects.filter(user=user, job_id=error.extra["job_id"]).first()
        raise ExportExists(extra={"export_id": str(running.pk) if running else None}) from error
    return export


@job_kind(KIND)
def export_make(context: JobContext) -> dict[str, Any]:
    """Make the ZIP and store it. A second run after a crash starts anew and leaves no file of the first."""
    export = DataExport.objects.select_related("user").filter(pk=context.payload["export_id"]).first()
    if export is None:  # its person was erased meanwhile
        return {}
    if export.finished_at is None and not _finish(export, context):
        raise LeaseLost(str(context.job_id))
    older = DataExport.objects.filter(user_id=export.user_id, created_at__lt=export.created_at)
    exports_delete(exports=older)
    return {"export_id": str(export.pk)}


def _finish(export: DataExport, context: JobContext) -> bool:
    """Whether this run's file became the export; otherwise the file is gone again: the row went, or another run has it."""
    storage = private_storage()
    # The row names the file before it exists, so that whatever deletes the row finds it. 128 random bits, because a
    # bucket may turn out to be more public than its operator thinks.
    name = f"exports/{export.pk.hex}-{secrets.token_hex(16)}.zip"
    if export.file:
        storage.delete(export.file)
    mine = DataExport.objects.filter(pk=export.pk, finished_at__isnull=True)
    if not mine.filter(file=export.file).update(file=name):
        return False
    size = export_zip(
        user=export.user,
        storage=storage,
        name=name,
        report=lambda stage, progress: context.report(stage=stage, progress=progress),
    )
    now = timezone.now()
    with transaction.atomic(), translation.override(context.payload.get("language") or translation.get_language()):
        is_mine = mine.filter(file=name).update(bytes=size, finished_at=now, expires_at=now + LIFETIME) == 1
        if is_mine:
            context_of_notice = {"expires_at": (now + LIFETIME).isoformat()}
            notice_send(user=export.user, kind="export_ready", context=context_of_notice)
    if not is_mine:
        storage.delete(name)
    return is_mine


def export_state(export: DataExport) -> str:
    """`queued`, `running`, `ready`, `expired` or `failed`; `export.job` has to be selected."""
    if export.finished_at is not None:
        is_over = export.expires_at is None or export.expires_at <= timezone.now()
        return "expired" if is_over else "ready"
    if export.job is None or export.job.state not in (JobState.QUEUED, JobState.RUNNING):
        return "failed"
    return str(export.job.state)


def export_open(*, export: DataExport) -> File:
    """The ZIP, to be read and closed by the caller. Raises `ExportNotReady` (409) or `ExportExpired` (410)."""
    state = export_state(export)
    if state == "expired":
        raise ExportExpired()
    if state != "ready":
        raise ExportNotReady()
    try:
        return private_storage().open(export.file, "rb")
    except FileNotFoundError as error:
        raise ExportExpired() from error


def export_file_name(*, user_id: uuid.UUID, extension: str) -> str:
    """What a browser saves a copy as: plain ASCII, with the day."""
    return f"hiroba-data-{timezone.now():%Y-%m-%d}-{user_id.hex[-6:]}.{extension}"


def exports_delete(*, exports: Iterable[DataExport]) -> int:
    """Delete the files first and the rows after them: what is cut off in between is found by its row again."""
    storage = private_storage()
    count = 0
    for export in list(exports):
        if export.file:
            storage.delete(export.file)
        DataExport.objects.filter(pk=export.pk).delete()
        count += 1
    return count


def exports_trim() -> int:
    """Delete copies that are over, and those that were never finished; returns how many."""
    now = timezone.now()
    dead = Q(finished_at__isnull=True) & ~Q(job__state__in=[JobState.QUEUED, JobState.RUNNING])
    over = DataExport.objects.filter(Q(expires_at__lte=now) | (dead & Q(created_at__lt=now - LIFETIME)))
    return exports_delete(exports=over)
