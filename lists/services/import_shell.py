"""An import from beginning to end in the caller's process: what the shell command does, by the services of the wizard."""

from collections.abc import Callable
from typing import IO

from django.db import transaction

from accounts.facade import User
from lists.models import ImportState, ListImport
from lists.services.import_apply import rows_apply, rows_begin
from lists.services.import_jobs import person_lock, running_check
from lists.services.import_reading import import_read


def list_bring(
    *,
    user: User,
    file: IO[bytes],
    file_name: str,
    format: str,
    rule: str,
    is_dry: bool,
    report: Callable[[ListImport], object],
) -> None:
    """Read a file and, unless `is_dry`, apply it under `rule`; `report` gets the import just before the end, its lines there.

    The import stays in the person's history and can be undone there; a dry one leaves nothing. What is refused
    (`list_read`'s errors, `ImportRunning`) leaves nothing either.
    """
    with transaction.atomic():
        person_lock(user.pk)
        running_check(user.pk)
        list_import = ListImport.objects.create(user=user, file_name=file_name[:255])
    is_kept = False
    try:
        import_read(list_import=list_import, file=file, format=format)
        if not is_dry:
            rows_begin(list_import=list_import, rule=rule)
            is_kept = True
            rows_apply(list_import=list_import)
        report(list_import)
    finally:
        if not is_kept:
            ListImport.objects.filter(pk=list_import.pk).exclude(state=ImportState.APPLYING).delete()
