"""Reading catalogue files that are no JSON: a table with tabs, AniDB's lines of titles."""

from collections.abc import Iterator
from typing import IO

from catalog.importing.reader import Entry, Source, UnreadableFile, lines_read

NEEDED = "myanimelist"
TITLES_BYTES = 64 * 1024 * 1024
"""The largest dump of titles, unpacked, `_LINE_COST` bytes counted for each line besides: it is held in memory."""
_LINE_COST = 128
_MARK = "\ufeff"
_NO_TITLE = "no line `aid|type|language|title`"


def table_read(source: Source, stream: IO[bytes]) -> Iterator[Entry]:
    """The rows of a table whose first line names its columns, as `{column: text}`. Raises `UnreadableFile` for another file."""
    lines = _texts(stream)
    head = next(lines, Entry(0, ""))
    columns = (head.value or "").removeprefix(_MARK).split("\t")
    if NEEDED not in columns:
        raise UnreadableFile(f"{source.path.name}: its first line names no column {NEEDED!r}")
    for entry in lines:
        if not entry.error:
            values = entry.value.split("\t")
            if len(values) == len(columns):
                entry.value = dict(zip(columns, values, strict=True))
            else:
                entry.error = f"{len(values)} values for {len(columns)} columns"
        yield entry


def titles_read(source: Source, stream: IO[bytes]) -> Iterator[Entry]:
    """One entry for each AniDB id, at the line of its first title, as `{"aid": text, "titles": [(type, language, title), …]}`.

    The dump is sorted by title: all of it is read before the first entry. Raises `UnreadableFile` for another file, and for
    one of more than `TITLES_BYTES`.
    """
    groups: dict[str, Entry] = {}
    wrong: list[Entry] = []
    size = 0
    for entry in _texts(stream):
        line = entry.value or ""
        size += len(line) + _LINE_COST
        if size > TITLES_BYTES:
            raise UnreadableFile(f"{source.path.name}: more than {TITLES_BYTES // 1024**2} MB of titles")
        if line.startswith("#"):
            continue
        aid, kind, language, title = (*line.split("|", 3), "", "", "", "")[:4]
        if title:
            group = groups.setdefault(aid, Entry(entry.line, {"aid": aid, "titles": []}))
            group.value["titles"].append((kind, language, title))
        elif groups:
            wrong.append(Entry(entry.line, error=entry.error or _NO_TITLE))
        else:
            raise UnreadableFile(f"{source.path.name}, line {entry.line}: {entry.error or _NO_TITLE}")
    yield from sorted([*groups.values(), *wrong], key=lambda entry: entry.line)


def _texts(stream: IO[bytes]) -> Iterator[Entry]:
    """Each line that is not empty, as text."""
    for number, line, error in lines_read(stream):
        if error:
            yield Entry(number, error=error)
        elif text := line.rstrip(b"\r\n"):
            try:
                yield Entry(number, text.decode())
            except UnicodeDecodeError:
                yield Entry(number, error="not UTF-8")
