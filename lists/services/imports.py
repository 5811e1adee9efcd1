"""A list comes in: uploaded, looked through line by line, discarded, forgotten. Reading, applying and undoing have their own files."""

import hashlib
import secrets
from datetime import timedelta
from typing import IO

from django.core.files import File
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import User
from catalog.facade import anime_get_visible
from core.errors import NotFound, ValidationFailed
from lists.errors import ImportExpired
from lists.importing.errors import ListFileTooLarge
from lists.importing.rules import SKIP
from lists.models import ImportRule, ImportState, ListImport, ListImportRow, RowOutcome
from lists.models.imports import private_storage
from lists.services.import_apply import import_apply
from lists.services.import_jobs import (
    READ,
    WORKING,
    import_lock,
    is_worked_on,
    job_begin,
    person_lock,
    running_check,
    state_check,
)
from lists.services.import_reading import row_hold_against
from lists.services.import_undo import import_undo

UPLOAD_BYTES = 20 * 1024 * 1024
KEPT = timedelta(days=90)
"""How long lines are kept, and with them the possibility to undo."""
KEPT_UNAPPLIED = timedelta(days=7)
"""How long an import waits that nobody applies."""
KEPT_IMPORTS = 20
"""So many imports a person keeps; with an older one its lines go, and the possibility to undo."""
CHOICES = ("", SKIP, *ImportRule.values)


def import_start(*, user: User, file: IO[bytes], file_name: str, format: str = "auto") -> ListImport:
    """Take a file of at most 20 MB and have it read by a job; the import is "previewed" then, or "failed".

    Raises `ListFileTooLarge` and `ImportRunning`.
    """
    digest, size = hashlib.sha256(), 0
    for chunk in iter(lambda: file.read(1 << 16), b""):
        size += len(chunk)
        if size > UPLOAD_BYTES:
            raise ListFileTooLarge("too_many_bytes", limit=UPLOAD_BYTES >> 20)
        digest.update(chunk)
    file.seek(0)
    with transaction.atomic():
        person_lock(user.pk)
        running_check(user.pk)
        list_import = ListImport.objects.create(user=user, file_name=_name_kept(file_name))
        job_begin(list_import, READ, {"format": format, "sha256": digest.hexdigest()})
        # Named before it exists, so that whoever deletes the row finds the file; the job is sent on commit, after it.
        list_import.file.name = f"list-imports/{list_import.pk.hex}-{secrets.token_hex(16)}"
        list_import.save(update_fields=["file"])
        private_storage().save(list_import.file.name, File(file))
    return list_import


def _name_kept(raw: str) -> str:
    """The name without folders and signs that no name has; it is only ever shown."""
    name = raw.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in name if sign.isprintable()).strip()[:255]


def import_discard(*, list_import: ListImport) -> None:
    """Forget an import with its lines and its file; what it changed stays. Raises `ImportRunning` while it is worked on."""
    with transaction.atomic():
        fresh = import_lock(list_import)
        if is_worked_on(fresh):
            running_check(fresh.user_id)
        _forget(fresh)


def _forget(list_import: ListImport) -> None:
    if list_import.file:
        private_storage().delete(str(list_import.file.name))
    list_import.delete()


def row_choose(
    *,
    list_import: ListImport,
    position: int,
    choice: str | None = None,
    anime_id: int | None = None,
    is_anime_said: bool = False,
) -> ListImportRow:
    """Say what becomes of one line: `choice` a rule, "skip" or "" (the import's rule); with `is_anime_said` the anime it
    is about, None for "the one found by its ids, or a new title". What is not said stays.

    Raises `ImportNotReady` once it is applied, `NotFound`, `ValidationFailed`, and as `anime_get_visible` does.
    """
    if choice is not None and choice not in CHOICES:
        raise ValidationFailed({"choice": [_("One of: %(names)s.") % {"names": ", ".join(CHOICES[1:])}]})
    with transaction.atomic():
        fresh = import_lock(list_import)
        state_check(fresh, ImportState.PREVIEWED)
        row = ListImportRow.objects.select_for_update().filter(list_import=fresh, position=position).first()
        if row is None:
            raise NotFound()
        if row.outcome == RowOutcome.ERROR:
            raise ValidationFailed({"choice": [_("This line is not taken: there is nothing to choose.")]})
        if choice is not None:
            row.choice = choice
        if is_anime_said:
            if row.outcome != RowOutcome.UNKNOWN:
                raise ValidationFailed({"anime_id": [_("The title of this line is known.")]})
            row.anime_id = anime_get_visible(fresh.user, anime_id).pk if anime_id is not None else None
            row_hold_against(fresh.user, row)
        row.save(update_fields=["choice", "anime", "diff", "reason"])
    return row


def lines_check(list_import: ListImport) -> None:
    """Raises `ImportExpired` (410) when the lines were forgotten."""
    total = list_import.counts.get("total", 0)
    if total and not ListImportRow.objects.filter(list_import=list_import).exists():
        raise ImportExpired()


def imports_trim() -> int:
    """Forget the lines of imports older than 90 days, whole imports that were not applied within 7, and of each person all
    but the newest 20; returns how many.
    """
    count = _surplus_trim()
    old = ListImport.objects.filter(created_at__lt=timezone.now() - KEPT)
    unapplied = [ImportState.READING, ImportState.PREVIEWED, ImportState.FAILED]
    waited = Q(created_at__lt=timezone.now() - KEPT_UNAPPLIED, state__in=unapplied)
    halves = Q(created_at__lt=timezone.now() - KEPT, state__in=[ImportState.APPLYING, ImportState.UNDOING])
    for list_import in ListImport.objects.filter(waited | halves).iterator():
        if not is_worked_on(list_import):
            _forget(list_import)
            count += 1
    kept = old.filter(rows__isnull=False).exclude(state__in=WORKING).distinct()
    for pk in list(kept.values_list("pk", flat=True)):
        ListImportRow.objects.filter(list_import_id=pk).delete()
        count += 1
    return count


def _surplus_trim() -> int:
    people = ListImport.objects.order_by().values("user").annotate(number=Count("pk")).filter(number__gt=KEPT_IMPORTS)
    count = 0
    for user_id in list(people.values_list("user", flat=True)):
        for list_import in ListImport.objects.filter(user=user_id).order_by("-created_at", "-pk")[KEPT_IMPORTS:]:
            if not is_worked_on(list_import):
                _forget(list_import)
                count += 1
    return count


__all__ = [
    "UPLOAD_BYTES",
    "import_apply",
    "import_discard",
    "import_start",
    "import_undo",
    "imports_trim",
    "lines_check",
    "row_choose",
]
