"""Reading catalogue files that are no JSON: a table with tabs, AniDB's lines of titles."""

from collections.abc import Iterator
from typing import IO

from catalog.importing.reader import LINE_BYTES, Entry, Source, UnreadableFile

NEEDED = "myanimelist"
_MARK = "\ufeff"


def table_read(source: Source, stream: IO[bytes]) -> Iterator[Entry]:
    """The rows of a table whose first line names its columns, as `{column: text}`. Raises `UnreadableFile` for another file."""
    lines = _lines(stream)
    _number, head = next(lines, (0, ""))
    columns = (head or "").removeprefix(_MARK).split("\t")
    if NEEDED not in columns:
        raise UnreadableFile(f"{source.path.name}: its first line names no column {NEEDED!r}")
    for number, line in lines:
        if line is None:
            yield Entry(number, error="not UTF-8, or too long")
            continue
        values = line.split("\t")
        if len(values) == len(columns):
            yield Entry(number, dict(zip(columns, values, strict=True)))
        else:
            yield Entry(number, error=f"{len(values)} values for {len(columns)} columns")


def titles_read(source: Source, stream: IO[bytes]) -> Iterator[Entry]:
    """One entry for each AniDB id, at the line of its first title, as `{"aid": text, "titles": [(type, language, title), …]}`.
    The dump is sorted by title: all of it is read before the first entry.
    """
    groups: dict[str, Entry] = {}
    wrong: list[Entry] = []
    for number, line in _lines(stream):
        if line is not None and line.startswith("#"):
            continue
        aid, kind, language, title = (*(line or "").split("|", 3), "", "", "", "")[:4]
        if not title:
            wrong.append(Entry(number, error="not a line `aid|type|language|title`"))
            continue
        entry = groups.setdefault(aid, Entry(number, {"aid": aid, "titles": []}))
        entry.value["titles"].append((kind, language, title))
    if wrong and not groups:
        raise UnreadableFile(f"{source.path.name}: no line `aid|type|language|title`")
    yield from sorted([*groups.values(), *wrong], key=lambda entry: entry.line)


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, str | None]]:
    """(number from 1, text) of each line that is not empty; None for one that is too long or no UTF-8."""
    number = 0
    while line := stream.readline(LINE_BYTES + 1):
        number += 1
        is_long = len(line) > LINE_BYTES
        while line and is_long and not line.endswith(b"\n"):
            line = stream.readline(LINE_BYTES)
        if not line.strip():
            continue
        try:
            yield number, None if is_long else line.rstrip(b"\r\n").decode()
        except UnicodeDecodeError:
            yield number, None
