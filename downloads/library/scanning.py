"""The scan of the library: what changed on disk becomes rows, matches and ways to play. It never deletes anything."""

import os
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from catalog.facade import names_of
from core.errors import DomainError
from downloads.configuration.store import configuration
from downloads.errors import LibraryMissing
from downloads.library.besides import Besides
from downloads.library.comparing import (
    Differences,
    fingerprints_take,
    fingerprints_wanted,
    rows_compare,
    rows_stream,
)
from downloads.library.fingerprints import fingerprint_of
from downloads.library.folders import folders_changed, folders_known, folders_write
from downloads.library.matching import Matcher
from downloads.library.naming import path_read, titles_known
from downloads.library.paths import path_raw
from downloads.library.running import Beat, scan_begin, scan_end
from downloads.library.subtitle_rows import subtitles_write
from downloads.library.titles import WHOLE_FROM
from downloads.library.walking import FoundFile, Walk, library_walk
from downloads.library.writing import Item, Writer
from downloads.models import FileState, LibraryFile, LibraryScan
from downloads.names.known import KnownTitles

MANY_LOST, MOST_LOST = 20, 0.9
"""So many files, and such a share of all, do not go at once without a word."""
MATCHED_AT_ONCE = 2000
"""Files that are matched before they are written: bounds memory, and what a kill costs."""


def library_scan(
    *,
    root: Path | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    is_probing: bool = True,
    only: Collection[str] | None = None,
    is_rematching: bool = False,
    is_sure: bool = False,
) -> LibraryScan:
    """Look at the whole library (`only`: at these folders, as `LibraryFolder.path` has them, and what is new in them); the scan's row.

    While another scan runs, that one's row is returned and nothing done. A file whose size, time and inode stand costs no
    parsing, no matching and no write; files that were not recognised are tried again where their folder changed, or all of
    them (`is_rematching`). `on_progress(done, total)` every two seconds. With `is_probing` a job looks into the new files
    afterwards. Raises `LibraryMissing`, with nothing changed, when the root is not there or is empty though it had files, or
    when nearly all of them would be gone at once, unless somebody `is_sure`. Safe to kill at any time: the next scan goes on.
    """
    scan, is_ours = scan_begin()
    if not is_ours:
        return scan
    began = time.monotonic()
    try:
        place = Path(root) if root is not None else Path(configuration().anime_directory)
        _Run(scan, place, on_progress).run(only=only, is_rematching=is_rematching, is_sure=is_sure)
    except BaseException as error:
        detail = error.code if isinstance(error, DomainError) else f"{type(error).__name__}: {error}"
        scan_end(scan, seconds=time.monotonic() - began, error=detail)
        raise
    scan_end(scan, seconds=time.monotonic() - began)
    if is_probing:
        from downloads.library.jobs import probe_request

        probe_request()
    return scan


class _Run:
    """One scan on its way."""

    def __init__(self, scan: LibraryScan, root: Path, on_progress: Callable[[int, int], None] | None) -> None:
        self.scan, self.root = scan, root
        self.beat = Beat(scan, on_progress)
        self.matcher = Matcher()
        self._titles: KnownTitles | None = None

    def run(self, *, only: Collection[str] | None, is_rematching: bool, is_sure: bool) -> None:
        known = folders_known()
        walk = self._walk(only, known)
        self.scan.seen, self.scan.skipped = sum(1 for _file in walk.videos), walk.skipped
        different = rows_compare(walk, rows_stream(), is_partial=only is not None)
        self._contents_compare(different)
        self._losses_check(different, is_sure=is_sure)
        changed = folders_changed(walk, known)
        self.writer = Writer(self.scan, self.root, self.beat)
        self.besides = Besides(self.root, walk)
        self._rows_move(different)
        self.scan.changed = len(different.changed)
        self.writer.changed_write(different.changed + different.back)
        items = list(self._unmatched(different, changed, is_rematching=is_rematching))
        self.beat.total = len(items) + len(different.added)
        self._match(items)
        self._match([(None, file) for file in different.added])
        self.writer.gone_write(different.gone)
        subtitles_write(walk, changed, self.root, self.beat, is_partial=only is not None)
        folders_write(walk, known, is_partial=only is not None)

    def _walk(self, only: Collection[str] | None, known: dict[str, int]) -> Walk:
        """The walk; a root that is gone or empty all of a sudden is a disk that is not mounted, not a library without files."""
        try:
            with os.scandir(self.root) as entries:
                is_empty = next((False for entry in entries if not entry.name.startswith(".")), True)
            if is_empty and LibraryFile.objects.exclude(state=FileState.GONE).exists():
                raise LibraryMissing(extra={"path": str(self.root)})
            raw = None if only is None else [path_raw(path) for path in only]
            return library_walk(self.root, only=raw, known=known, beat=self.beat)
        except OSError as error:
            raise LibraryMissing(extra={"path": str(self.root)}) from error

    def _losses_check(self, different: Differences, *, is_sure: bool) -> None:
        """Refuse to believe that nearly all files vanished at once: a disk is away, or this is another folder."""
        if is_sure or not (lost := len(different.gone)):
            return
        known = LibraryFile.objects.exclude(state=FileState.GONE).count()
        if lost == known or (lost >= MANY_LOST and lost > MOST_LOST * known):
            raise LibraryMissing(_("Nearly all files are gone. Is the disk connected?"), extra={"lost": lost})

    def _contents_compare(self, different: Differences) -> None:
        files, _rows = fingerprints_wanted(different)
        prints = {}
        for file in files:
            prints[file.path] = fingerprint_of(f"{self.root}/{file.raw}")
            self.beat()
        if prints:
            fingerprints_take(different, prints)

    def _rows_move(self, different: Differences) -> None:
        if not different.moved:
            return
        titles = self._titles_known()
        names = {file.path: path_read(file.path, titles) for _known, file in different.moved}
        self.writer.moved_write(different.moved, names)

    def _unmatched(
        self, different: Differences, changed: Collection[str], *, is_rematching: bool
    ) -> Iterator[tuple[int | None, FoundFile]]:
        """Rows nobody recognised that are worth another try: renamed ones, and those in folders that changed."""
        for known, file in different.moved:
            if known.state in (FileState.UNMATCHED, FileState.GONE):
                yield known.id, file
        for known, file in different.unmatched:
            if is_rematching or file.path.rpartition("/")[0] in changed:
                yield known.id, file

    def _match(self, files: list[tuple[int | None, FoundFile]]) -> None:
        """Parse, match, write; what a person decided in between is left alone."""
        titles = self._titles_known(len(files)) if files else None
        for start in range(0, len(files), MATCHED_AT_ONCE):
            part = files[start : start + MATCHED_AT_ONCE]
            ids = [row_id for row_id, _file in part if row_id is not None]
            open_rows: set[int] = set()
            for first in range(0, len(ids), 500):
                rows = LibraryFile.objects.filter(pk__in=ids[first : first + 500], state=FileState.UNMATCHED)
                open_rows.update(rows.order_by().values_list("pk", flat=True))
            read = [
                (row_id, file, path_read(file.path, titles), self.besides.of(file))
                for row_id, file in part
                if row_id is None or row_id in open_rows
            ]
            self.beat()
            self.matcher.prepare((name, beside) for _id, _file, name, beside in read)
            items = []
            for row_id, file, name, beside in read:
                items.append(Item(file, name, self.matcher.match(name, beside), row_id))
                self.beat()
            self.writer.items_write(items)
            self.beat.done += len(part)

    def _titles_known(self, files: int = 0) -> KnownTitles:
        """The titles of the catalogue, read once; for many files the matcher gets them in the same go."""
        if self._titles is None:
            names = names_of()
            self._titles = titles_known(names)
            if files >= WHOLE_FROM:
                self.matcher.book.take_whole(lambda: names)
            self.beat()
        return self._titles
