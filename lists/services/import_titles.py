"""Unknown titles of an import become anime: known by now, the person's own from before, or stubs within a budget."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.facade import User
from catalog.facade import StubDraft, anime_stubs_create, anime_stubs_delete, stubs_named
from core.throttles import Limit, throttle_hit, throttle_peek
from lists.importing.matching import records_match
from lists.importing.records import ListRecord
from lists.importing.rules import SKIP
from lists.models import ImportState, ListActivity, ListEntry, ListImport, ListImportRow, RowOutcome, RowState
from lists.services.import_pace import paced, rest

CHUNK = 50
"""Lines of unknown titles in one transaction, at most."""
TOO_MANY = "too_many_unknown"
_DAY = 24 * 3600


def titles_settle(*, list_import: ListImport) -> None:
    """Give every line that is to be applied its anime, 50 a transaction. Lines past the budget (`LISTS_STUBS_AN_IMPORT`,
    `LISTS_STUBS_A_DAY`) are left out with the reason `too_many_unknown`. May be killed anywhere and done by two at once.
    """
    paced(lambda lines: _chunk_settle(list_import, lines))


def _chunk_settle(list_import: ListImport, lines: int) -> int:
    with transaction.atomic():
        fresh = ListImport.objects.select_for_update().filter(pk=list_import.pk, state=ImportState.APPLYING).first()
        if fresh is None:
            return 0
        pending = ListImportRow.objects.filter(list_import=fresh, state=RowState.PENDING, anime=None)
        rows = list(pending.exclude(choice=SKIP).order_by("position")[: min(lines, CHUNK)])
        if rows:
            _rows_settle(fresh, rows)
    return len(rows)


def _rows_settle(list_import: ListImport, rows: Sequence[ListImportRow]) -> None:
    records = {row.position: ListRecord.of_json(row.record) for row in rows}
    own = own_stubs(list_import.user) if any(not record.ids for record in records.values()) else {}
    for row, anime_id in zip(rows, records_match(list(records.values())), strict=True):
        record = records[row.position]
        row.anime_id = anime_id or (own.get(record.title) if not record.ids else None)
    unknown = [row for row in rows if row.anime_id is None]
    budget = _budget_left(list_import)
    taken, beyond = unknown[:budget], unknown[budget:]
    stubs = anime_stubs_create([_draft_of(records[row.position]) for row in taken])
    for row, anime_id in zip(taken, stubs, strict=True):
        row.anime_id = anime_id
    for row in beyond:
        row.outcome, row.state, row.reason = RowOutcome.ERROR, RowState.SKIPPED, TOO_MANY
    ListImportRow.objects.bulk_update(rows, ["anime", "outcome", "state", "reason"])
    _count(list_import, made=len(taken), beyond=beyond)


def own_stubs(user: User) -> dict[str, int]:
    """{title: our id} of the stubs on the person's own list: nobody else's stub is theirs by its name alone."""
    return stubs_named(ListEntry.objects.filter(user=user).values_list("anime_id", flat=True))


def _draft_of(record: ListRecord) -> StubDraft:
    return StubDraft(title=record.title, ids=record.ids, kind=record.kind, episode_count=record.episode_count)


def _limit() -> Limit:
    return Limit("list-import-stubs", settings.LISTS_STUBS_A_DAY, _DAY)


def _budget_left(list_import: ListImport) -> int:
    a_day = throttle_peek(_limit(), f"u{list_import.user_id}").remaining
    return max(0, min(settings.LISTS_STUBS_AN_IMPORT - list_import.counts.get("stubs", 0), a_day))


def _count(list_import: ListImport, *, made: int, beyond: Sequence[ListImportRow]) -> None:
    if made:
        throttle_hit(_limit(), f"u{list_import.user_id}", times=made)
    counts = list_import.counts
    counts["stubs"] = counts.get("stubs", 0) + made
    for name, change in ((RowOutcome.UNKNOWN, -len(beyond)), (RowOutcome.ERROR, len(beyond))):
        counts[name.value] = counts.get(name.value, 0) + change
    list_import.save(update_fields=["counts"])


def stubs_drop(*, list_import: ListImport) -> int:
    """After an undo: delete the stubs that this import made and that nothing refers to any more, of anybody; how many.

    What refers: entries, progress, watched episodes, collections, scrobbles, others' imports and history, ratings.
    """
    rows = ListImportRow.objects.filter(list_import=list_import, outcome=RowOutcome.UNKNOWN, state=RowState.UNDONE)
    made = rows.filter(anime__created_at__gte=list_import.created_at)
    ids = sorted(set(made.values_list("anime_id", flat=True)))
    count = 0
    for start in range(0, len(ids), CHUNK):
        part = set(ids[start : start + CHUNK])
        with transaction.atomic():
            count += anime_stubs_delete(part - _referred(list_import.user, part))
        rest()
    return count


def _referred(user: User, anime_ids: set[int]) -> set[int]:
    """Those that any row of lists names, but the person's own history and import lines."""
    own: dict[type[Any], dict[str, Any]] = {ListActivity: {"user": user}, ListImportRow: {"list_import__user": user}}
    found: set[int] = set()
    for link in ListEntry._meta.get_field("anime").related_model._meta.related_objects:
        model: type[Any] = link.related_model
        if model._meta.app_label == "lists":
            rows = model._base_manager.filter(**{f"{link.field.name}__in": anime_ids}).exclude(**own.get(model, {}))
            found.update(rows.values_list(link.field.name, flat=True))
    return found
