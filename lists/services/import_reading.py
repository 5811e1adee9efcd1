"""A file becomes lines held against the list: what is new, the same, changed, in conflict, unknown, not taken. Nothing is applied."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import IO, Any

from django.db import transaction

from accounts.facade import User, sees_adult
from catalog.facade import anime_ids_visible, anime_outlines
from core.errors import DomainError
from lists.importing.diffing import outcome_of, record_diff
from lists.importing.errors import ListFileRefused, ListFileUnreadable
from lists.importing.matching import candidates_find_many, candidates_of, namesake_of, records_match
from lists.importing.reading import list_read
from lists.importing.records import ListRecord, ReadList
from lists.importing.rules import record_resolve
from lists.models import ImportRule, ImportState, ListEntry, ListImport, ListImportRow, RowOutcome, RowState
from lists.models.imports import private_storage
from lists.services.import_pace import paced
from lists.services.import_planner import read_refresh
from lists.services.import_titles import own_stubs
from lists.services.states import EntryState
from lists.services.stored_states import states_of
from lists.services.tag_spellings import TagSpellings

CHUNK = 500
BEYOND_COUNT = "beyond_count"
"""A warning of a line that is taken: more episodes than the catalogue counts."""


def upload_read(*, list_import: ListImport, format: str, sha256: str) -> None:
    """Read the uploaded file of an import and delete it. Raises what `list_read` does."""
    storage = private_storage()
    name = str(list_import.file.name)
    try:
        with storage.open(name, "rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise ListFileUnreadable("damaged")
            file.seek(0)
            import_read(list_import=list_import, file=file, format=format)
    except FileNotFoundError as error:
        raise ListFileUnreadable("lost") from error
    storage.delete(name)
    ListImport.objects.filter(pk=list_import.pk).update(file="")


def import_fail(*, list_import: ListImport, error: DomainError) -> None:
    """Note why the file was refused, and delete it. Of our own refusals the code and its facts are kept: whoever reads of
    it reads it in their language.
    """
    if list_import.file:
        private_storage().delete(str(list_import.file.name))
    kept: dict[str, Any] = {"error_detail": str(error.detail or error.title)[:500]}
    if isinstance(error, ListFileRefused):
        kept = {"error_reason": error.reason, "error_facts": error.facts}
    ListImport.objects.filter(pk=list_import.pk, state=ImportState.READING).update(
        state=ImportState.FAILED, file="", error_code=error.code, **kept
    )


def import_read(*, list_import: ListImport, file: IO[bytes], format: str = "auto") -> None:
    """Read, match and compare a file, and store its lines, at most 500 a transaction; the import is "reading" until all are
    in, and one that was killed before starts over. Raises what `list_read` does; nothing is stored then.
    """
    found = list_read(file=file, file_name=list_import.file_name, format=format)
    plan = _plan(list_import, found)
    if not _rows_store(list_import, plan.rows):
        return
    with transaction.atomic():
        fresh = ListImport.objects.select_for_update().filter(pk=list_import.pk, state=ImportState.READING).first()
        if fresh is None:
            return
        positions = [row.position for row in plan.rows]
        ListImportRow.objects.filter(list_import=fresh, position__gt=max(positions, default=0)).delete()
        fresh.format, fresh.counts, fresh.state = found.format, plan.counts(), ImportState.PREVIEWED
        fresh.save(update_fields=["format", "counts", "state"])
    read_refresh(len(plan.rows))
    list_import.refresh_from_db()


def _rows_bring(list_import: ListImport, rows: Sequence[ListImportRow]) -> bool:
    """Store lines in place of those that a reading that died left; False when the import is not being read any more."""
    with transaction.atomic():
        fresh = ListImport.objects.select_for_update().filter(pk=list_import.pk, state=ImportState.READING).first()
        if fresh is None:
            return False
        stored = ListImportRow.objects.filter(list_import=fresh)
        stored.filter(position__in=[row.position for row in rows]).delete()
        ListImportRow.objects.bulk_create(rows, batch_size=CHUNK)
    return True


def _rows_store(list_import: ListImport, rows: Sequence[ListImportRow]) -> bool:
    """Store all lines, some in each transaction; False when the import is not being read any more."""
    stored = 0

    def bring(lines: int) -> int:
        nonlocal stored
        part = rows[stored : stored + min(lines, CHUNK)]
        if not part or not _rows_bring(list_import, part):
            return 0
        stored += len(part)
        return len(part)

    paced(bring)
    return stored == len(rows)


@dataclass
class _Plan:
    rows: list[ListImportRow] = field(default_factory=list)
    rules: dict[str, Counter[str]] = field(default_factory=lambda: {rule: Counter() for rule in ImportRule.values})
    has_times: bool = False

    def counts(self) -> dict[str, Any]:
        outcomes = Counter(str(row.outcome) for row in self.rows)
        return {
            "total": len(self.rows),
            **{str(name): outcomes[name] for name in RowOutcome.values},
            "warnings": sum(row.reason == BEYOND_COUNT for row in self.rows),
            "has_times": self.has_times,
            "rules": {rule: {"changed": n["changed"], "kept": n["kept"]} for rule, n in self.rules.items()},
        }


def _plan(list_import: ListImport, found: ReadList) -> _Plan:
    user = list_import.user
    matches = records_match(found.records)
    unknown = [record for record, match in zip(found.records, matches, strict=True) if match is None]
    candidates = candidates_of(unknown, include_adult=sees_adult(user))
    own = own_stubs(user) if any(not record.ids for record in unknown) else {}
    anime_ids = [
        match if match is not None else namesake_of(record, candidates.get(record.position) or (), own_stubs=own)
        for record, match in zip(found.records, matches, strict=True)
    ]
    mine = mine_of(user, [key for key in anime_ids if key is not None])
    visible = anime_ids_visible(user, {key for key in anime_ids if key is not None})
    outlines = anime_outlines(visible)
    plan = _Plan(has_times=any(record.updated_at for record in found.records))
    seen: set[int] = set()
    spelled = records_spelled(user, {record.position: record for record in found.records})
    for record, anime_id in zip(spelled.values(), anime_ids, strict=True):
        row = ListImportRow(
            list_import=list_import, position=record.position, title=record.title[:500], record=record.as_json()
        )
        if anime_id is None:
            row.outcome, row.candidates = RowOutcome.UNKNOWN, candidates.get(record.position) or []
            # None: not looked up yet, its page does that; [] was looked up and nothing is alike.
            row.record["is_searched"] = candidates.get(record.position) is not None
        elif anime_id not in visible or anime_id in seen:
            row.outcome, row.state = RowOutcome.ERROR, RowState.SKIPPED
            row.reason = "duplicate" if anime_id in seen else "hidden"
        else:
            seen.add(anime_id)
            row.anime_id = anime_id
            row.reason = warning_of(record, outlines[anime_id].episode_count)
            _compare(plan, row, record, *mine.get(anime_id, (None, None)))
        plan.rows.append(row)
    plan.rows += _bad_rows(list_import, found, {row.position for row in plan.rows})
    return plan


def _compare(
    plan: _Plan, row: ListImportRow, record: ListRecord, state: EntryState | None, changed_at: datetime | None
) -> None:
    row.diff = record_diff(record, state) if state else {}
    row.outcome = outcome_of(state, row.diff)
    if state is not None and row.diff:
        for rule, tally in plan.rules.items():
            after = record_resolve(record, state, rule=rule, changed_at=changed_at).after
            tally["kept" if after == state else "changed"] += 1


def _bad_rows(list_import: ListImport, found: ReadList, taken: Collection[int]) -> Iterable[ListImportRow]:
    for line in found.bad:
        if line.position not in taken:
            yield ListImportRow(
                list_import=list_import,
                position=line.position,
                title=line.title[:500],
                outcome=RowOutcome.ERROR,
                state=RowState.SKIPPED,
                reason=line.reason[:60],
                record={"detail": line.detail},
            )


def mine_of(user: User, anime_ids: Collection[int]) -> dict[int, tuple[EntryState, datetime]]:
    """{anime id: (state, when it was last changed)} of those on the list; three queries per 500."""
    found: dict[int, tuple[EntryState, datetime]] = {}
    ids = sorted(anime_ids)
    for start in range(0, len(ids), CHUNK):
        entries = list(ListEntry.objects.filter(user=user, anime_id__in=ids[start : start + CHUNK]))
        states = states_of(user, entries)
        found.update({entry.anime_id: (states[entry.anime_id], entry.updated_at) for entry in entries})
    return found


def records_spelled(user: User, records: Mapping[int, ListRecord]) -> dict[int, ListRecord]:
    """Lines by their position, with tags as the person spells them; those that are new as the first line spells them."""
    spellings = TagSpellings(user, (name for record in records.values() for name in record.state.tags))
    return {
        position: replace(record, state=spellings.state(record.state)) if record.state.tags else record
        for position, record in records.items()
    }


def warning_of(record: ListRecord, episode_count: int | None) -> str:
    """What is to be told of a line that is taken as it is; "" for nothing."""
    is_beyond = "episodes_watched" in record.said and bool(episode_count)
    return BEYOND_COUNT if is_beyond and record.state.episodes_watched > (episode_count or 0) else ""


def row_hold_against(user: User, row: ListImportRow) -> None:
    """Compare a line with the entry of the anime just chosen for it; the caller saves it."""
    record = records_spelled(user, {row.position: ListRecord.of_json(row.record)})[row.position]
    row.diff, row.reason = {}, ""
    if row.anime_id is not None:
        state = mine_of(user, [row.anime_id]).get(row.anime_id)
        row.diff = record_diff(record, state[0]) if state else {}
        row.reason = warning_of(record, anime_outlines([row.anime_id])[row.anime_id].episode_count)


def candidates_complete(*, user: User, rows: Sequence[ListImportRow]) -> None:
    """Look up the candidates of unknown lines that reading had no time for, and keep them. For the page they are on."""
    late = [row for row in rows if row.outcome == RowOutcome.UNKNOWN and row.record.get("is_searched") is False]
    found = candidates_find_many((row.title for row in late), include_adult=sees_adult(user))
    for row in late:
        row.candidates = found[row.title]
        row.record["is_searched"] = True
    if late:
        ListImportRow.objects.bulk_update(late, ["candidates", "record"], batch_size=CHUNK)
