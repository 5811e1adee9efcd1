"""An applied import is taken back: entries become what they were where nobody has changed them since."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.facade import User
from catalog.facade import ratings_set
from lists.errors import ImportExpired
from lists.models import ChangeSource, ImportState, ListActivity, ListEntry, ListImport, ListImportRow, RowState
from lists.services.import_apply import history_write
from lists.services.import_jobs import UNDO, work_begin
from lists.services.import_pace import paced
from lists.services.import_rows import entry_facts_store, rows_store
from lists.services.import_titles import stubs_drop
from lists.services.states import EntryState, state_diff
from lists.services.stored_states import entries_take, states_store
from lists.services.tag_spellings import states_spelled

Report = Callable[[float], object]


def import_undo(*, list_import: ListImport) -> ListImport:
    """Have an applied import taken back by a job. Unknown titles that it brought go too, unless somebody else
    has come to know them.

    Raises `ImportNotReady`, `ImportRunning`, and `ImportExpired` (410) once its lines are forgotten.
    """
    rows = ListImportRow.objects.filter(list_import=list_import)
    if list_import.counts.get("total") and not rows.exists():
        raise ImportExpired()
    return work_begin(list_import=list_import, after=ImportState.APPLIED, state=ImportState.UNDOING, kind=UNDO)


def rows_undo(*, list_import: ListImport, report: Report = lambda share: None) -> None:
    """Take back every applied line that still is; the last lines first, because two lines may be about one anime."""
    applied = ListImportRow.objects.filter(list_import=list_import, state=RowState.APPLIED)
    total = max(1, applied.count())
    paced(lambda lines: _chunk_undo(list_import, lines), lambda: report(1 - applied.count() / total))
    with transaction.atomic():
        fresh = ListImport.objects.select_for_update().filter(pk=list_import.pk, state=ImportState.UNDOING).first()
        if fresh is not None:
            rows = ListImportRow.objects.filter(list_import=fresh)
            fresh.counts["undone"] = dict(Counter(rows.order_by().values_list("state", flat=True)))
            fresh.state, fresh.undone_at = ImportState.UNDONE, timezone.now()
            fresh.save(update_fields=["counts", "state", "undone_at"])
    list_import.refresh_from_db()
    if list_import.state == ImportState.UNDONE:
        stubs_drop(list_import=list_import)


def _chunk_undo(list_import: ListImport, lines: int) -> int:
    with transaction.atomic():
        fresh = ListImport.objects.select_for_update().filter(pk=list_import.pk, state=ImportState.UNDOING).first()
        if fresh is None:
            return 0
        applied = ListImportRow.objects.filter(list_import=fresh, state=RowState.APPLIED)
        rows = list(applied.order_by("-position")[:lines])
        _rows_take_back(fresh, rows)
    return len(rows)


def _rows_take_back(list_import: ListImport, rows: Sequence[ListImportRow]) -> None:
    user = list_import.user
    held = entries_take(user, {row.anime_id for row in rows if row.anime_id is not None}, creates=False)
    entries = {key: entry for key, (entry, _) in held.items()}
    before = {key: state for key, (_, state) in held.items()}
    now = dict(before)
    touched: dict[int, ListEntry] = {}
    for row in rows:
        anime_id = row.anime_id or 0
        standing = now.get(anime_id)
        if standing is None or state_diff(EntryState.of_json(row.after or {}), standing):
            row.state = RowState.CHANGED_SINCE
            continue
        row.state = RowState.UNDONE
        now[anime_id] = _turned_back(row, entries[anime_id])
        touched[anime_id] = entries[anime_id]
    spelled = states_spelled(user, {key: now[key] for key in touched})
    changed = {key: (before[key], spelled[key]) for key in touched}
    _store(user, changed, touched)
    ListActivity.objects.filter(user=user, batch=list_import.pk, anime_id__in=touched, undone_at=None).update(
        undone_at=timezone.now()
    )
    history_write(user, changed, source=ChangeSource.UNDO, batch=uuid.uuid5(list_import.pk, "undo"))
    rows_store(rows)


def _turned_back(row: ListImportRow, entry: ListEntry) -> EntryState | None:
    """The state before the line; extras and time of change of `entry` with it. None: it was not on the list."""
    if row.before is None:
        return None
    entry.extras = row.before.get("extras", entry.extras)
    entry.updated_at = parse_datetime(row.before.get("updated_at", "")) or entry.updated_at
    return EntryState.of_json(row.before)


def _store(
    user: User,
    changed: dict[int, tuple[EntryState | None, EntryState | None]],
    touched: dict[int, ListEntry],
) -> None:
    gone = [key for key, (_, after) in changed.items() if after is None]
    kept = {key: (before, after) for key, (before, after) in changed.items() if after is not None}
    ListEntry.objects.filter(pk__in=[touched[key].pk for key in gone]).delete()
    ratings_set(user=user, scores=dict.fromkeys(gone))
    states_store(user, kept)
    entry_facts_store([touched[key] for key in kept])
