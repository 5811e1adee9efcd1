"""A looked-through import becomes entries: in transactions of at most 500 lines, each against the entry as it is then.

A line that was applied says so in the transaction that applied it. So the work may be killed anywhere, and done by two
workers at once: the rows are held, and each line is applied once.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.facade import User
from catalog.facade import anime_ids_visible, anime_outlines
from core.events import emit
from lists.errors import ImportNotReady
from lists.events import EntryChanged
from lists.importing.records import ListRecord
from lists.importing.rules import SKIP, extras_merge, record_resolve
from lists.models import (
    ActivityKind,
    ChangeSource,
    ImportRule,
    ImportState,
    ListActivity,
    ListEntry,
    ListImport,
    ListImportRow,
    RowState,
)
from lists.services.import_jobs import APPLY, work_begin
from lists.services.import_pace import MOST, paced
from lists.services.import_planner import applied_refresh
from lists.services.import_reading import records_spelled, warning_of
from lists.services.import_rows import entry_facts_store, rows_store
from lists.services.import_titles import titles_settle
from lists.services.states import EntryState, is_public_change, state_diff
from lists.services.stored_states import entries_take, states_store

Report = Callable[[float], object]


def import_apply(*, list_import: ListImport, rule: str) -> ListImport:
    """Have a looked-through import applied by a job under `rule`. One that a dead job left half-way goes on, with its rule.

    Raises `ImportNotReady`, `ImportRunning`; ValueError for an unknown rule.
    """
    chosen = ImportRule(rule)
    return work_begin(
        list_import=list_import, after=ImportState.PREVIEWED, state=ImportState.APPLYING, kind=APPLY, rule=chosen.value
    )


def rows_begin(*, list_import: ListImport, rule: str) -> None:
    """For the shell: as `import_apply`, for a caller who does the work itself with `rows_apply`."""
    ready = ListImport.objects.filter(pk=list_import.pk, state=ImportState.PREVIEWED)
    if not ready.update(state=ImportState.APPLYING, rule=ImportRule(rule).value):
        raise ImportNotReady()
    list_import.refresh_from_db()


def rows_apply(*, list_import: ListImport, report: Report = lambda share: None) -> None:
    """Apply every line that is still to be applied; `report` gets the share done (0–1) after each transaction."""
    pending = ListImportRow.objects.filter(list_import=list_import, state=RowState.PENDING)
    total = max(1, list_import.counts.get("total", 0))
    titles_settle(list_import=list_import)
    paced(lambda lines: chunk_apply(list_import=list_import, lines=lines), lambda: report(1 - pending.count() / total))
    with transaction.atomic():
        fresh = ListImport.objects.select_for_update().filter(pk=list_import.pk, state=ImportState.APPLYING).first()
        if fresh is not None:
            rows = ListImportRow.objects.filter(list_import=fresh)
            fresh.counts["applied"] = dict(Counter(rows.order_by().values_list("state", flat=True)))
            fresh.state, fresh.applied_at = ImportState.APPLIED, timezone.now()
            fresh.save(update_fields=["counts", "state", "applied_at"])
    applied_refresh(total)
    list_import.refresh_from_db()


def chunk_apply(*, list_import: ListImport, lines: int = MOST) -> int:
    """Apply the next `lines` (at most 500) in one transaction; how many they were. 0: there are none, or it is not being
    applied. Lines of unknown titles have their anime by then (`titles_settle`).
    """
    with transaction.atomic():
        # The row of the import first: whoever works on it does so alone.
        fresh = ListImport.objects.select_for_update().filter(pk=list_import.pk, state=ImportState.APPLYING).first()
        if fresh is None:
            return 0
        pending = ListImportRow.objects.filter(list_import=fresh, state=RowState.PENDING)
        rows = list(pending.order_by("position")[: min(lines, MOST)])
        _Chunk(fresh, rows).apply()
    return len(rows)


@dataclass
class _Chunk:
    """The lines of one transaction and what they make of the entries, held until it ends."""

    list_import: ListImport
    rows: Sequence[ListImportRow]
    records: dict[int, ListRecord] = field(default_factory=dict)
    entries: dict[int, ListEntry] = field(default_factory=dict)
    before: dict[int, EntryState | None] = field(default_factory=dict)
    now: dict[int, EntryState | None] = field(default_factory=dict)
    touched: dict[int, ListEntry] = field(default_factory=dict)

    @property
    def user(self) -> User:
        return self.list_import.user

    def apply(self) -> None:
        for row in self.rows:
            if row.choice == SKIP:
                row.state = RowState.SKIPPED
        taken = [row for row in self.rows if row.state == RowState.PENDING]
        self.records = records_spelled(self.user, {row.position: ListRecord.of_json(row.record) for row in taken})
        taken = self._hidden_leave(taken)
        self._entries_hold({row.anime_id for row in taken if row.anime_id is not None})
        for row in taken:
            self._row_apply(row, self.records[row.position])
        self._store()
        rows_store(self.rows)

    def _hidden_leave(self, rows: Sequence[ListImportRow]) -> list[ListImportRow]:
        """Without what this person may not put on a list (any more)."""
        ids = {row.anime_id for row in rows if row.anime_id is not None}
        visible = anime_ids_visible(self.user, ids)
        for row in rows:
            if row.anime_id not in visible:
                row.state, row.reason = RowState.SKIPPED, "hidden"
        outlines = anime_outlines(visible)
        taken = [row for row in rows if row.state == RowState.PENDING]
        for row in taken:
            row.reason = warning_of(self.records[row.position], outlines[row.anime_id or 0].episode_count)
        return taken

    def _entries_hold(self, anime_ids: set[int]) -> None:
        """Hold every entry, after making those that are missing: what somebody else makes meanwhile is theirs, not new."""
        held = entries_take(self.user, anime_ids, creates=True)
        self.entries = {key: entry for key, (entry, _) in held.items()}
        self.before = {key: state for key, (_, state) in held.items()}
        self.now = dict(self.before)

    def _row_apply(self, row: ListImportRow, record: ListRecord) -> None:
        anime_id = row.anime_id or 0
        entry, mine = self.entries[anime_id], self.now[anime_id]
        rule = row.choice or self.list_import.rule
        found = record_resolve(record, mine, rule=rule, changed_at=entry.updated_at)
        row.diff = found.diff
        extras = extras_merge(entry.extras, record.extras, is_theirs=found.is_theirs)
        if mine is not None and found.after == mine:
            row.state = RowState.KEPT
            if extras != entry.extras:
                entry.extras = extras
                self.touched[anime_id] = entry
            return
        row.state = RowState.APPLIED
        row.before = None if mine is None else {**mine.as_json(), **_facts_of(entry)}
        if mine is None:
            _times_take(entry, record)
        else:
            entry.updated_at = timezone.now()
        entry.extras = extras
        row.after = found.after.as_json()
        self.now[anime_id], self.touched[anime_id] = found.after, entry

    def _store(self) -> None:
        changed = {key: (self.before[key], after) for key, after in self.now.items() if after is not None}
        changed = {key: pair for key, pair in changed.items() if pair[0] != pair[1]}
        states_store(self.user, changed)
        entry_facts_store(list(self.touched.values()))
        history_write(self.user, changed, source=ChangeSource.IMPORT, batch=self.list_import.pk)


def _facts_of(entry: ListEntry) -> dict[str, Any]:
    """What an undo puts back besides the state."""
    return {"extras": entry.extras, "updated_at": entry.updated_at.isoformat()}


def _times_take(entry: ListEntry, record: ListRecord) -> None:
    """A new entry is as old as it is where it comes from, so that an export tells the same; the future counts as now."""
    now = timezone.now()
    entry.updated_at = min(record.updated_at or now, now)
    entry.created_at = min(record.created_at or entry.updated_at, now)


def history_write(
    user: User,
    changed: Mapping[int, tuple[EntryState | None, EntryState | None]],
    *,
    source: str,
    batch: uuid.UUID,
    at: datetime | None = None,
) -> None:
    """A line of history for each changed entry, and the house is told; the caller holds the transaction of the change."""
    lines = []
    for anime_id, (before, after) in changed.items():
        if after is None:
            kind = ActivityKind.REMOVED
            changes = {name: [value, None] for name, value in (before or EntryState()).as_json().items()}
        else:
            kind = ActivityKind.ADDED if before is None else ActivityKind.CHANGED
            changes = state_diff(before, after)
        lines.append(
            ListActivity(
                user=user,
                anime_id=anime_id,
                kind=kind,
                source=source,
                changes=changes,
                was_public=is_public_change(before, after),
                batch=batch,
                created_at=at or timezone.now(),
            )
        )
    ListActivity.objects.bulk_create(lines, batch_size=MOST)
    for line in lines:
        emit(
            EntryChanged(
                user_id=user.pk,
                anime_id=line.anime_id,
                changes={name: (then, now) for name, (then, now) in line.changes.items()},
                source=source,
                activity_id=line.pk,
                is_new=line.kind == ActivityKind.ADDED,
                is_removed=line.kind == ActivityKind.REMOVED,
                was_public=line.was_public,
                batch=batch,
            )
        )
