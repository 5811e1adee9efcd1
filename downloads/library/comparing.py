"""What changed between the rows of the library and its folders, decided in memory from one streamed query."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from downloads.library.walking import FoundFile, Walk
from downloads.models import FileState, LibraryFile

_FIELDS = ("pk", "path", "size", "mtime_ns", "inode", "state", "fingerprint")


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A row, as much of it as comparing needs."""

    id: int
    path: str
    size: int
    mtime_ns: int
    inode: str
    state: str
    fingerprint: str

    @property
    def identity(self) -> tuple[int, int, str]:
        return self.size, self.mtime_ns, self.inode


@dataclass(slots=True)
class Differences:
    """`standing` are rows whose file is as it was, `back` those of them that were gone; `changed` lies at the same path with
    other contents; `moved` is the same file at another path.
    """

    added: list[FoundFile] = field(default_factory=list)
    changed: list[tuple[KnownFile, FoundFile]] = field(default_factory=list)
    moved: list[tuple[KnownFile, FoundFile]] = field(default_factory=list)
    back: list[tuple[KnownFile, FoundFile]] = field(default_factory=list)
    gone: list[KnownFile] = field(default_factory=list)
    unmatched: list[tuple[KnownFile, FoundFile]] = field(default_factory=list)
    standing: int = 0


def rows_stream() -> Iterator[KnownFile]:
    """Every row of the library; one query."""
    rows = LibraryFile.objects.order_by().values_list(*_FIELDS)
    return (KnownFile(*row) for row in rows.iterator(chunk_size=2000))


def rows_compare(walk: Walk, rows: Iterable[KnownFile], *, is_partial: bool = False) -> Differences:
    """Tell each file's fate. `is_partial`: the walk saw some folders only; a row elsewhere stands as it is.

    A file is the row at its path with its identity, else the one row with its identity elsewhere whose own file is not
    there any more, else the row at its path. What is left over is told apart by `copies_find`.
    """
    found = {file.path: file for file in walk.videos}
    different: Differences = Differences()
    left: dict[str, KnownFile] = {}
    for row in rows:
        file = found.get(row.path)
        if file is not None and file.identity == row.identity:
            del found[row.path]
            if row.state == FileState.GONE:
                different.back.append((row, file))
            else:
                different.standing += 1
                if row.state == FileState.UNMATCHED:
                    different.unmatched.append((row, file))
        elif file is not None or not is_partial or _is_walked(row.path, walk):
            left[row.path] = row
    _moves_take(different, found, left)
    for path in [path for path in left if path in found]:
        different.changed.append((left.pop(path), found.pop(path)))
    _copies_take(different, found, left)
    different.added = list(found.values())
    different.gone = [
        row for row in left.values() if row.state != FileState.GONE and not _is_below(row.path, walk.failed)
    ]
    return different


def _is_walked(path: str, walk: Walk) -> bool:
    folder = path.rpartition("/")[0]
    return folder in walk.folders or _is_below(path, walk.missing)


def _is_below(path: str, folders: set[str]) -> bool:
    """Whether one of the folders holds the path, at whatever depth."""
    if not folders:
        return False
    here = path
    while here:
        here = here.rpartition("/")[0]
        if here in folders:
            return True
    return False


def _moves_take(different: Differences, found: dict[str, FoundFile], left: dict[str, KnownFile]) -> None:
    """Files that have the inode, size and time of a row that is left over; where two claim one, neither is believed."""
    rows: dict[tuple, list[KnownFile]] = defaultdict(list)
    files: dict[tuple, list[FoundFile]] = defaultdict(list)
    for row in left.values():
        if row.inode:
            rows[row.identity].append(row)
    for file in found.values():
        if file.inode and file.identity in rows:
            files[file.identity].append(file)
    _pairs_take(different, rows, files, found, left)


def _copies_take(different: Differences, found: dict[str, FoundFile], left: dict[str, KnownFile]) -> None:
    """Files that came over from another disk with their time: size, time and name are those of a row that is left over."""
    rows: dict[tuple, list[KnownFile]] = defaultdict(list)
    files: dict[tuple, list[FoundFile]] = defaultdict(list)
    for row in left.values():
        rows[row.size, row.mtime_ns, row.path.rpartition("/")[2]].append(row)
    for file in found.values():
        files[file.size, file.mtime_ns, file.path.rpartition("/")[2]].append(file)
    _pairs_take(different, rows, files, found, left)


def _pairs_take(
    different: Differences,
    rows: dict[tuple, list[KnownFile]],
    files: dict[tuple, list[FoundFile]],
    found: dict[str, FoundFile],
    left: dict[str, KnownFile],
) -> None:
    for key, candidates in rows.items():
        if len(candidates) == 1 and len(files.get(key, ())) == 1:
            row, file = candidates[0], files[key][0]
            different.moved.append((row, file))
            del left[row.path], found[file.path]


def fingerprints_wanted(different: Differences) -> tuple[list[FoundFile], list[KnownFile]]:
    """New files that have the size of a vanished row whose fingerprint is known, and these rows: worth a look at the contents."""
    sizes = {row.size for row in different.gone if row.fingerprint and row.size}
    files = [file for file in different.added if file.size in sizes]
    asked = {file.size for file in files}
    return files, [row for row in different.gone if row.fingerprint and row.size in asked]


def fingerprints_take(different: Differences, fingerprints: dict[str, str]) -> None:
    """Turn pairs of a new file and a vanished row with one fingerprint ({path: fingerprint} of the files) into moves."""
    files, rows = fingerprints_wanted(different)
    by_print: dict[str, list[FoundFile]] = defaultdict(list)
    for file in files:
        if mark := fingerprints.get(file.path):
            by_print[mark].append(file)
    moved_files, moved_rows = set(), set()
    gone: dict[str, list[KnownFile]] = defaultdict(list)
    for row in rows:
        gone[row.fingerprint].append(row)
    for mark, candidates in gone.items():
        if len(candidates) == 1 and len(by_print.get(mark, ())) == 1:
            different.moved.append((candidates[0], by_print[mark][0]))
            moved_rows.add(candidates[0].id)
            moved_files.add(by_print[mark][0].path)
    different.added = [file for file in different.added if file.path not in moved_files]
    different.gone = [row for row in different.gone if row.id not in moved_rows]
