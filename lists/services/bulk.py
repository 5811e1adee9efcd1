"""Many entries changed by one act, and that act taken back."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.facade import User
from catalog.facade import AnimeOutline, anime_ids_current, anime_ids_visible, anime_outlines, ratings_set
from core.errors import NotFound, ValidationFailed
from core.ids import uuid7
from lists.errors import AlreadyUndone, NotOnList
from lists.models import ActivityKind, ChangeSource, ListActivity, ListEntry
from lists.services.activities import activities_turn_back
from lists.services.checks import changes_check
from lists.services.entries import activities_add, removal_changes
from lists.services.states import EntryState, is_public_change, state_diff, state_settle
from lists.services.stored_states import CHUNK, entries_take, states_store
from lists.services.tag_spellings import tags_spelled
from lists.tag_keys import tag_key

BULK_LIMIT = 500
"""Anime that one request may name."""


@dataclass(frozen=True, slots=True)
class BulkDone:
    """What became of a bulk edit. `refused` is {asked anime id: error code}; `batch` undoes it (`batch_undo`)."""

    batch: uuid.UUID
    changed: int
    unchanged: int
    refused: dict[int, str]


@dataclass(frozen=True, slots=True)
class BulkUndone:
    """`left` were changed again since, and stay as they are."""

    undone: int
    left: int


def entries_change(
    *,
    user: User,
    anime_ids: Collection[int],
    source: str,
    is_removal: bool = False,
    add_tags: Sequence[str] = (),
    remove_tags: Sequence[str] = (),
    **wanted: Any,
) -> BulkDone:
    """Change the entries of many anime alike, or (`is_removal`) take them off the list; all in one transaction.

    `wanted` are fields of `EntryState`. Anime that are not on the list join it when a status is given, else they are
    refused (`not_on_list`); so are those that are unknown or hidden (`not_found`), and those that it does not fit
    (`validation_failed`: an episode beyond their count, too many tags). Raises `ValidationFailed` for values that fit
    nothing, before anything is read.
    """
    wanted = changes_check(wanted, before=None, episode_count=None)
    added, dropped = _tags_read("add_tags", add_tags), _tags_read("remove_tags", remove_tags)
    asked = list(dict.fromkeys(anime_ids))
    current = anime_ids_current(asked)
    refused = {key: NotFound.code for key in asked if key not in current}
    batch, ids = uuid7(), set(current.values())
    with transaction.atomic():
        if is_removal:
            return BulkDone(batch, changed := _remove(user, ids, source, batch), len(ids) - changed, refused)
        if "tags" in wanted:
            wanted["tags"] = tags_spelled(user, wanted["tags"])
        edit = _Edit(user, wanted, frozenset(tags_spelled(user, added)), dropped, source, batch)
        changed = edit.run(ids)
    refused |= {key: edit.refused[now] for key, now in current.items() if now in edit.refused}
    return BulkDone(batch, changed, len(ids) - changed - len(edit.refused), refused)


def batch_undo(*, user: User, batch: uuid.UUID) -> BulkUndone:
    """Take back what one bulk edit did, entry by entry where nothing newer stands on it. Imports have an undo of their own.

    Raises `NotFound` for others' and unknown ones, and `AlreadyUndone` when all of it was undone.
    """
    with transaction.atomic():
        rows = ListActivity.objects.select_for_update().filter(user=user, batch=batch)
        activities = list(rows.exclude(source=ChangeSource.IMPORT).order_by("-created_at", "-pk"))
        if not activities:
            raise NotFound()
        pending = [row for row in activities if row.undone_at is None]
        if not pending:
            raise AlreadyUndone()
        undone = activities_turn_back(user=user, activities=pending)
    return BulkUndone(undone=len(undone), left=len(pending) - len(undone))


def _tags_read(name: str, tags: Sequence[str]) -> frozenset[str]:
    try:
        return frozenset(changes_check({"tags": tags}, before=None, episode_count=None)["tags"])
    except ValidationFailed as error:
        raise ValidationFailed({name: error.extra["fields"]["tags"]}) from error


def _remove(user: User, ids: Collection[int], source: str, batch: uuid.UUID) -> int:
    taken = entries_take(user, ids, creates=False)
    changes = {
        key: (ActivityKind.REMOVED.value, removal_changes(entry, state or EntryState()))
        for key, (entry, state) in taken.items()
    }
    keys = list(taken)
    for start in range(0, len(keys), CHUNK):
        ListEntry.objects.filter(user=user, anime_id__in=keys[start : start + CHUNK]).delete()
    scored = [key for key, (_, state) in taken.items() if state is not None and state.score is not None]
    if scored:
        ratings_set(user=user, scores=dict.fromkeys(scored))
    public = {key for key, (_, state) in taken.items() if is_public_change(state, None)}
    activities_add(user=user, changed=changes, public=public, source=source, batch=batch)
    return len(taken)


class _Edit:
    """One bulk edit under way: what is wanted of every entry, and who could not have it."""

    def __init__(
        self,
        user: User,
        wanted: Mapping[str, Any],
        added: frozenset[str],
        dropped: frozenset[str],
        source: str,
        batch: uuid.UUID,
    ) -> None:
        self.user, self.wanted, self.added = user, wanted, added
        self.taken_away = {tag_key(name) for name in dropped}
        self.source, self.batch = source, batch
        self.today = timezone.localdate()
        self.refused: dict[int, str] = {}

    def run(self, ids: Collection[int]) -> int:
        """How many entries changed; `refused` says which could not."""
        visible = anime_ids_visible(self.user, ids)
        self.refused = {key: NotFound.code for key in ids if key not in visible}
        taken = entries_take(self.user, visible, creates="status" in self.wanted)
        self.refused |= {key: NotOnList.code for key in visible if key not in taken}
        outlines = anime_outlines(list(taken))
        changed = {}
        for key, (_, before) in taken.items():
            after = self._after(before, outlines[key])
            if after is not None and (before is None or after != before):
                changed[key] = (before, after)
        self._store(changed, {key for key, (_, before) in taken.items() if before is None})
        return len(changed)

    def _after(self, before: EntryState | None, outline: AnimeOutline) -> EntryState | None:
        """The entry as it is wanted, None when this one cannot be so."""
        wanted = dict(self.wanted)
        if self.added or self.taken_away:
            old = wanted.get("tags", before.tags if before else ())
            kept = {tag_key(name): name for name in old if tag_key(name) not in self.taken_away}
            wanted["tags"] = sorted({**kept, **{tag_key(name): name for name in self.added}}.values())
        try:
            clean = changes_check(wanted, before=before, episode_count=outline.episode_count)
        except ValidationFailed as error:
            self.refused[outline.id] = error.code
            return None
        return state_settle(before, clean, episode_count=outline.episode_count, today=self.today)

    def _store(self, changed: Mapping[int, tuple[EntryState | None, EntryState]], made: set[int]) -> None:
        in_vain = made - changed.keys()
        if in_vain:
            ListEntry.objects.filter(user=self.user, anime_id__in=in_vain).delete()
        if not changed:
            return
        states_store(self.user, changed)
        rows = {
            key: (
                (ActivityKind.ADDED if before is None else ActivityKind.CHANGED).value,
                state_diff(before, after),
            )
            for key, (before, after) in changed.items()
        }
        public = {key for key, pair in changed.items() if is_public_change(*pair)}
        activities_add(user=self.user, changed=rows, public=public, source=self.source, batch=self.batch)
