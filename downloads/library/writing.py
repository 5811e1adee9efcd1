"""Rows of the library and what the catalogue gets of them, in short transactions that each leave everything in order."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.facade import (
    TRANSLATION_KINDS,
    Origin,
    SourceDraft,
    SourcesPut,
    local_paths_move,
    sources_at,
    sources_put_many,
    sources_retire,
)
from downloads.library.comparing import KnownFile
from downloads.library.matching import Match
from downloads.library.naming import name_stored
from downloads.library.paths import path_is_plain, source_path, tombstone
from downloads.library.walking import FoundFile
from downloads.models import FileState, LibraryFile, LibraryScan, MatchedBy
from downloads.names.parsed import ParsedName

ORIGIN = Origin("library", "Library", position=0)
ANIME_AT_ONCE, FILES_AT_ONCE, PLAIN_AT_ONCE = 12, 120, 250
"""Sizes of transactions: some 100 ms each on one slow core."""
MANY = 500
"""From so many recognised files at once on a library is new here: nobody is told of each episode in that moment."""
MAX_HEIGHT = 8640
_MATCH_FIELDS = (
    "state", "matched_by", "confidence", "anime_id", "episode_kind", "first", "last", "source_id", "parsed", "suggestions"
)  # fmt: skip
_FILE_FIELDS = ("size", "mtime_ns", "inode", "scan", "gone_at", "probed_at", "fingerprint", "info")


@dataclass(slots=True)
class Item:
    """A file to be written: a new one, or the row `row_id`."""

    file: FoundFile
    name: ParsedName
    match: Match
    row_id: int | None = None


class Writer:
    """Writes for one scan and counts in its row; `beat` is called between transactions."""

    def __init__(self, scan: LibraryScan, root: Path, beat: Callable[[], None]) -> None:
        self._scan, self._root, self._beat = scan, root, beat
        rows = LibraryFile.objects.exclude(anime=None).order_by()
        self._series = set(rows.values_list("anime_id", flat=True).distinct())

    def items_write(self, items: Sequence[Item]) -> None:
        """Make or complete the rows of matched and unmatched files, and the ways to play of the matched."""
        matched: dict[int, list[Item]] = defaultdict(list)
        plain: list[Item] = []
        for item in items:
            if item.match.anime_id is not None and path_is_plain(item.file.path, self._root):
                matched[item.match.anime_id].append(item)
            else:
                plain.append(item)
        is_quiet = sum(map(len, matched.values())) > MANY
        for batch in _batches(matched):
            with transaction.atomic():
                self._batch_write(batch, is_quiet=is_quiet)
            self._beat()
        for start in range(0, len(plain), PLAIN_AT_ONCE):
            part = plain[start : start + PLAIN_AT_ONCE]
            with transaction.atomic():
                self._rows_write([(item, _row(item, None, self._scan)) for item in part])
            self._scan.unmatched += sum(1 for item in part if item.row_id is None)
            self._beat()

    def _batch_write(self, items: Sequence[Item], *, is_quiet: bool) -> None:
        self._episodes_count(items)
        done = sources_put_many(puts=_drafts(items), origin=ORIGIN, is_quiet=is_quiet)
        self._rows_write([(item, _row(item, source_of(item, done), self._scan)) for item in items])
        self._scan.matched += len(items)

    def _rows_write(self, pairs: Sequence[tuple[Item, LibraryFile]]) -> None:
        new = [row for item, row in pairs if item.row_id is None]
        old = [row for item, row in pairs if item.row_id is not None]
        # What was written a moment ago by somebody else (a download that was placed) stands.
        LibraryFile.objects.bulk_create(new, ignore_conflicts=True)
        if old:
            LibraryFile.objects.bulk_update(old, [name.removesuffix("_id") for name in _MATCH_FIELDS])
        self._scan.added += len(new)

    def _episodes_count(self, items: Sequence[Item]) -> None:
        """Count series and episodes that had no file before."""
        ids = {item.match.anime_id for item in items if item.match.anime_id is not None}
        known: set[tuple[int | None, str, int]] = set()
        rows = LibraryFile.objects.filter(anime__in=ids, first__isnull=False).order_by()
        for anime_id, kind, first, last in rows.values_list("anime_id", "episode_kind", "first", "last"):
            known.update((anime_id, kind, number) for number in range(first or 0, (last or 0) + 1))
        new = {
            (item.match.anime_id, item.match.kind, number)
            for item in items
            for number in range(item.match.first or 0, (item.match.last or 0) + 1)
        }
        self._scan.new_episodes += len(new - known)
        self._scan.new_series += len(ids - self._series)
        self._series |= ids

    def changed_write(self, pairs: Sequence[tuple[KnownFile, FoundFile]]) -> None:
        """Files with other contents at the same path: looked into again; their match stands. Also those that came back."""
        for start in range(0, len(pairs), PLAIN_AT_ONCE // 3):
            part = pairs[start : start + PLAIN_AT_ONCE // 3]
            with transaction.atomic():
                rows = LibraryFile.objects.in_bulk([known.id for known, _file in part])
                for known, file in part:
                    if known.id in rows:
                        _take_file(rows[known.id], file, self._scan, is_same=known.identity == file.identity)
                LibraryFile.objects.bulk_update(rows.values(), ["state", *_FILE_FIELDS])
                sources_revive(rows.values())
            self._beat()

    def moved_write(self, pairs: Sequence[tuple[KnownFile, FoundFile]], names: dict[str, ParsedName]) -> None:
        """Files at another path: the row, what was decided of it and the catalogue's ways to play go with them.

        All of them are one transaction only where places are exchanged; else some hundred at once.
        """
        for part in _move_parts(pairs):
            with transaction.atomic():
                self._moves_write(part, names)
            self._scan.moved += len(part)
            self._beat()

    def _moves_write(self, part: Sequence[tuple[KnownFile, FoundFile]], names: dict[str, ParsedName]) -> None:
        rows = LibraryFile.objects.in_bulk([known.id for known, _file in part])
        taken = LibraryFile.objects.filter(path__in=[file.path for _known, file in part]).exclude(pk__in=rows)
        paths: dict[str, str] = {}
        retired: list[str] = []
        for other in taken:
            paths[source_path(other.path)] = source_path(tombstone(other.pk, other.path))[:1000]
            retired.append(source_path(other.path))
            other.path, other.state = tombstone(other.pk, other.path), FileState.GONE
            other.gone_at = other.gone_at or timezone.now()
            other.save(update_fields=["path", "state", "gone_at"])
        sources_retire(source_ids=[pk for ids in sources_at(retired).values() for pk in ids])
        for known, file in part:
            if path_is_plain(file.path, self._root):
                paths[source_path(known.path)] = source_path(file.path)
            else:
                ids = sources_at([source_path(known.path)])
                sources_retire(source_ids=[pk for found in ids.values() for pk in found])
        local_paths_move(paths=paths)
        for row in rows.values():
            row.path = tombstone(row.pk, row.path)
        LibraryFile.objects.bulk_update(rows.values(), ["path"])
        for known, file in part:
            if known.id in rows:
                row = rows[known.id]
                _take_file(row, file, self._scan, is_same=True)
                row.path = file.path
                row.parsed = name_stored(names[file.path])
        LibraryFile.objects.bulk_update(rows.values(), ["path", "parsed", "state", *_FILE_FIELDS])
        sources_revive(row for row in rows.values() if path_is_plain(row.path, self._root))

    def gone_write(self, rows: Sequence[KnownFile]) -> None:
        """Files that are not there any more: the row stays, the catalogue's way to play is retired. Nothing is deleted."""
        for start in range(0, len(rows), PLAIN_AT_ONCE // 3):
            part = rows[start : start + PLAIN_AT_ONCE // 3]
            with transaction.atomic():
                kept = LibraryFile.objects.filter(pk__in=[row.id for row in part]).exclude(state=FileState.GONE)
                self._scan.gone += kept.update(state=FileState.GONE, gone_at=timezone.now())
                ids = sources_at([source_path(row.path) for row in part])
                sources_retire(source_ids=[pk for found in ids.values() for pk in found])
            self._beat()


def _batches(matched: dict[int, list[Item]]) -> Iterator[list[Item]]:
    """Some anime at once, a long one in pieces."""
    batch: list[Item] = []
    anime = 0
    for _anime_id, items in sorted(matched.items()):
        for start in range(0, len(items), FILES_AT_ONCE):
            part = items[start : start + FILES_AT_ONCE]
            if batch and (anime >= ANIME_AT_ONCE or len(batch) + len(part) > FILES_AT_ONCE):
                yield batch
                batch, anime = [], 0
            batch = [*batch, *part]
            anime += 1
    if batch:
        yield batch


def _move_parts(
    pairs: Sequence[tuple[KnownFile, FoundFile]],
) -> Iterator[list[tuple[KnownFile, FoundFile]]]:
    """Moves that take the place of another that moves go together; the rest in pieces."""
    left = {known.path: (known, file) for known, file in pairs}
    step = PLAIN_AT_ONCE // 3
    part: list[tuple[KnownFile, FoundFile]] = []
    while left:
        path = next(iter(left))
        while path in left:
            pair = left.pop(path)
            part.append(pair)
            path = pair[1].path
        if len(part) >= step:
            yield part
            part = []
    if part:
        yield part


def _take_file(row: LibraryFile, file: FoundFile, scan: LibraryScan, *, is_same: bool) -> None:
    """Write the file's facts to its row; other contents are looked into again."""
    row.size, row.mtime_ns, row.inode = file.size, file.mtime_ns, file.inode
    row.scan, row.gone_at = scan, None
    if not is_same:
        row.probed_at, row.fingerprint, row.info = None, "", {}
    if row.state == FileState.GONE or (row.state == FileState.BROKEN and not is_same):
        row.state = state_of(row)


def state_of(row: LibraryFile) -> FileState:
    """What a row is that has a file: matched where it has an anime, ignored where a person took it away from all."""
    if row.anime_id is not None:
        return FileState.MATCHED
    return FileState.IGNORED if row.matched_by == MatchedBy.PERSON else FileState.UNMATCHED


def _row(item: Item, source_id: int | None, scan: LibraryScan) -> LibraryFile:
    file, match = item.file, item.match
    values: dict[str, Any] = {
        "path": file.path,
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "inode": file.inode,
        "parsed": name_stored(item.name),
        "scan": scan,
    }
    if source_id is not None or match.anime_id is None:
        values |= match_values(match, source_id)
    else:
        # People see for what it was taken, and why it cannot be played all the same.
        why = "name_odd" if "\\" in file.path else "list_locked"
        values["suggestions"] = [[match.anime_id, match.confidence, why]]
    return LibraryFile(pk=item.row_id, **values)


def match_values(match: Match, source_id: int | None) -> dict[str, Any]:
    """The columns of a row that say what it was matched to."""
    is_matched = match.anime_id is not None
    return {
        "state": FileState.MATCHED if is_matched else FileState.UNMATCHED,
        "matched_by": match.by if is_matched else "",
        "confidence": match.confidence if is_matched else 0,
        "anime_id": match.anime_id,
        "episode_kind": match.kind,
        "first": match.first if is_matched else None,
        "last": match.last if is_matched else None,
        "source_id": source_id,
        "suggestions": [] if is_matched else match.suggestions_json,
    }


def _drafts(items: Iterable[Item]) -> dict[int, list[SourceDraft]]:
    found: dict[int, list[SourceDraft]] = defaultdict(list)
    for item in items:
        if item.match.anime_id is not None:
            found[item.match.anime_id] += drafts_of(item.file.path, item.name, item.match)
    return found


def drafts_of(path: str, name: ParsedName, match: Match) -> list[SourceDraft]:
    """The ways to play that a matched file is: one for each of its episodes."""
    has_variant = name.variant in TRANSLATION_KINDS and name.language
    height = name.resolution if name.resolution and 0 < name.resolution <= MAX_HEIGHT else 0
    return [
        SourceDraft(
            match.kind,
            number,
            (name.variant, name.language) if has_variant else None,
            "local",
            path=source_path(path),
            quality=height,
            label=name.group,
        )
        for number in range(match.first or 0, (match.last or 0) + 1)
    ]


def source_of(item: Item, done: dict[int, SourcesPut]) -> int | None:
    """The source that the first episode of a file got; None where the catalogue would not have it (a locked list)."""
    if item.match.anime_id is None:
        return None
    draft = drafts_of(item.file.path, item.name, item.match)[0]
    return done[item.match.anime_id].ids.get(draft.key(ORIGIN))


def sources_revive(rows: Iterable[LibraryFile]) -> None:
    """Let the ways to play of matched rows count again, where they were retired."""
    from downloads.library.naming import name_from

    puts: dict[int, list[SourceDraft]] = defaultdict(list)
    for row in rows:
        if row.state == FileState.MATCHED and row.anime_id is not None and row.first is not None:
            match = Match(row.anime_id, row.episode_kind, row.first, row.last, row.confidence, row.matched_by)
            puts[row.anime_id] += drafts_of(row.path, name_from(row.parsed), match)
    if puts:
        sources_put_many(puts=puts, origin=ORIGIN)
