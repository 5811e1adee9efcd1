"""Erasing those whose days of grace are over: a job a person, each part of the registry in its own transaction.

Killed in the middle, it starts again and passes over what is done. An hour after the end it goes over everything once
more, for what a request that had signed in before could still write.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import DateField, Field
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.anonymous import anonymous_names_free
from accounts.events import UserErased
from accounts.held_names import held_names_trim, name_hold
from accounts.models import User
from accounts.selectors.deletions import deletions_open
from accounts.services.sessions import sessions_revoke_all
from core.events import emit
from core.jobs import JobContext, job_enqueue, job_kind
from core.jobs.errors import JobExists
from core.models import Job
from core.personal_data import ErasePart, erase_parts

log = structlog.get_logger("erasing")

KIND = "accounts.erase"
AGAIN_AFTER = timedelta(hours=1)
"""Longer than any request lasts."""
_KEPT = frozenset({"id", "date_joined", "deletion_due_at", "erased_at"})
"""Columns of an erased account that stay: all others get their default."""


def erasures_enqueue(*, limit: int = 1_000) -> int:
    """A job for everybody who is due and has none; returns how many. A job that failed for good gets a successor."""
    due = User.objects.filter(deletion_due_at__lte=timezone.now(), erased_at__isnull=True).order_by("deletion_due_at")
    return sum(_enqueue(user_id) for user_id in due.values_list("pk", flat=True)[:limit])


def _enqueue(user_id: uuid.UUID) -> bool:
    try:
        job_enqueue(kind=KIND, payload={"user_id": str(user_id)}, unique_key=str(user_id))
    except JobExists:
        return False
    return True


@job_kind(KIND)
def user_erase(context: JobContext) -> dict[str, Any]:
    """Erase one person; `again` in the payload is the second pass. Does nothing for one who cancelled in time."""
    is_again = bool(context.payload.get("again"))
    user = _begin(uuid.UUID(context.payload["user_id"]), is_again=is_again)
    if user is None:
        return {"erased": False}
    parts = erase_parts()
    with _bytes_overwritten():
        for number, part in enumerate(parts):
            _part_run(part, user, context, 100.0 * number / len(parts))
        if not is_again:
            _finish(user)
    log.info("user_erased", user_id=str(user.pk), again=is_again)
    return {"erased": True}


def _begin(user_id: uuid.UUID, *, is_again: bool) -> User | None:
    """The point of no return: cancelling locks the same row, so one of both comes first. None: nothing to erase."""
    now = timezone.now()
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None or is_again != (user.erased_at is not None):
            return None
        if is_again:
            return user
        if user.deletion_due_at is None or user.deletion_due_at > now:
            return None
        deletions_open(user).update(started_at=Coalesce("started_at", now))
        User.objects.filter(pk=user.pk).update(is_active=False)
        sessions_revoke_all(user=user, reason="erased")
        return user


def _part_run(part: ErasePart, user: User, context: JobContext, progress: float) -> None:
    """One part: a plain function is one transaction, a generator one up to each yield."""
    context.report(stage=part.name, progress=progress)
    with transaction.atomic():
        steps = part.erase(user)
    if steps is None:
        return
    while True:
        with transaction.atomic():
            if next(steps, _DONE) is _DONE:
                return
        context.report()


_DONE = object()


def _finish(user: User) -> None:
    """The row becomes anonymous, the name is held back, apps hear of it: together or not at all."""
    now = timezone.now()
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        name_hold(username=person.username)
        for field in User._meta.concrete_fields:
            if field.name not in _KEPT:
                setattr(person, field.attname, _blank(field))
        person.username, person.email = anonymous_names_free(person)
        person.set_unusable_password()
        person.is_active = False
        person.erased_at = now
        person.save()
        deletions_open(person).update(erased_at=now)
        emit(UserErased(user_id=person.pk))
        key = {"user_id": str(person.pk), "again": True}
        job_enqueue(kind=KIND, payload=key, unique_key=f"{person.pk} again", run_after=now + AGAIN_AFTER)


def _blank(field: Field) -> Any:
    """What a column holds that nobody ever filled: None where it may, else its default."""
    if field.null:
        return None
    if field.has_default():
        return field.get_default()
    return None if isinstance(field, DateField) else field.get_default()


def erasures_trim() -> int:
    """Forget names that are free again, and finished erasing jobs after a month; returns how many rows went."""
    over = Job.objects.filter(kind=KIND, finished_at__lt=timezone.now() - timedelta(days=30))
    return held_names_trim() + over.delete()[0]


@contextmanager
def _bytes_overwritten() -> Iterator[None]:
    """SQLite leaves deleted text in free pages and in its log; here it is overwritten, and the log emptied at the end."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA secure_delete").fetchone()[0]
        cursor.execute("PRAGMA secure_delete = ON")
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA secure_delete = {int(before)}")
