"""Who works on an import: one job at a time for a person, begun and resumed here, done in `import_*` services."""

from typing import Any

from django.db import transaction

from core.errors import DomainError, NotFound
from core.jobs import JobContext, job_enqueue, job_kind
from core.models import Job, JobState
from lists.errors import ImportNotReady, ImportRunning
from lists.models import ImportState, ListImport
from lists.services.locking import person_lock

READ, APPLY, UNDO = "lists.import_read", "lists.import_apply", "lists.import_undo"
WORKING = (ImportState.READING, ImportState.APPLYING, ImportState.UNDOING)
_LIVE = (JobState.QUEUED, JobState.RUNNING)


def import_lock(list_import: ListImport) -> ListImport:
    """The row as it is now, held. Raises `NotFound` when it was discarded meanwhile. The caller holds a transaction."""
    person_lock(list_import.user_id)
    fresh = ListImport.objects.select_for_update().filter(pk=list_import.pk).first()
    if fresh is None:
        raise NotFound()
    return fresh


def running_check(user_id: Any) -> None:
    """Raises `ImportRunning` while a job works on an import of the person. What a dead job left does not count."""
    jobs = Job.objects.filter(state__in=_LIVE).values("pk")
    working = ListImport.objects.filter(user_id=user_id, state__in=WORKING, job_id__in=jobs)
    found = working.values_list("pk", flat=True).first()
    if found is not None:
        raise ImportRunning(extra={"import_id": str(found)})


def is_worked_on(list_import: ListImport) -> bool:
    """Whether a job is alive that will bring it out of the state it is in."""
    if list_import.state not in WORKING or list_import.job_id is None:
        return False
    return Job.objects.filter(pk=list_import.job_id, state__in=_LIVE).exists()


def state_check(list_import: ListImport, *allowed: str) -> None:
    """Raises `ImportNotReady` in any other state."""
    if list_import.state not in allowed:
        raise ImportNotReady(extra={"state": str(list_import.state)})


def job_begin(list_import: ListImport, kind: str, payload: dict[str, Any] | None = None) -> Job:
    """Enqueue the work on a held import and name it there."""
    job = job_enqueue(
        kind=kind,
        payload={"import_id": str(list_import.pk), **(payload or {})},
        owner_id=list_import.user_id,
        unique_key=str(list_import.pk),
    )
    list_import.job_id = job.pk
    list_import.save(update_fields=["job_id"])
    return job


def work_begin(*, list_import: ListImport, after: str, state: str, kind: str, **changes: Any) -> ListImport:
    """Bring an import from `after` to `state` and enqueue the work; from `state` itself what a dead job left is resumed,
    with what was asked for then. Raises `ImportRunning`, `ImportNotReady`, `NotFound`.
    """
    with transaction.atomic():
        fresh = import_lock(list_import)
        running_check(fresh.user_id)
        state_check(fresh, after, state)
        if fresh.state == after:
            for name, value in {"state": state, **changes}.items():
                setattr(fresh, name, value)
            fresh.save(update_fields=["state", *changes])
        job_begin(fresh, kind)
    return fresh


def _import_of(context: JobContext) -> ListImport | None:
    return ListImport.objects.select_related("user").filter(pk=context.payload["import_id"]).first()


@job_kind(READ)
def read_job(context: JobContext) -> dict[str, Any] | None:
    """Read the uploaded file; one that is refused fails the import with its reason."""
    from lists.services.import_reading import import_fail, upload_read

    list_import = _import_of(context)
    if list_import is None or list_import.state != ImportState.READING:
        return None
    try:
        upload_read(list_import=list_import, format=context.payload["format"], sha256=context.payload["sha256"])
    except DomainError as error:
        import_fail(list_import=list_import, error=error)
        raise
    return {"import_id": str(list_import.pk)}


@job_kind(APPLY)
def apply_job(context: JobContext) -> dict[str, Any] | None:
    """Apply what is still to be applied."""
    from lists.services.import_apply import rows_apply

    list_import = _import_of(context)
    if list_import is None or list_import.state != ImportState.APPLYING:
        return None
    rows_apply(list_import=list_import, report=lambda share: context.report(stage="apply", progress=100 * share))
    return {"import_id": str(list_import.pk)}


@job_kind(UNDO)
def undo_job(context: JobContext) -> dict[str, Any] | None:
    """Take back what is still to be taken back."""
    from lists.services.import_undo import rows_undo

    list_import = _import_of(context)
    if list_import is None or list_import.state != ImportState.UNDOING:
        return None
    rows_undo(list_import=list_import, report=lambda share: context.report(stage="undo", progress=100 * share))
    return {"import_id": str(list_import.pk)}
