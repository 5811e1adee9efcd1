"""Reading a catalogue file, plain or gzipped, as JSON lines or as one JSON document, record by record within bounds."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import orjson

from catalog.importing.records import BadRecord
from core.archives import open_capped
from core.media.errors import ArchiveRefused

LINE_BYTES = 8 * 1024 * 1024
"""The longest line that is read; longer ones are skipped as bad records."""
DOCUMENT_BYTES = 256 * 1024 * 1024
"""The largest single JSON document, unpacked."""
STREAM_BYTES = 8 * 1024 * 1024 * 1024
"""Where reading lines ends: no catalogue is larger, a gzip bomb is."""
ARRAYS = ("items", "data")
"""Under which key a document keeps its records."""

_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_DECODER = json.JSONDecoder(parse_constant=lambda name: _refuse(name))


class UnreadableFile(Exception):
    """The file cannot be read as a catalogue; the text says why."""


@dataclass(slots=True)
class Entry:
    """One record: its line in the file (from 1), the value, or why it could not be read."""

    line: int
    value: Any = None
    error: str = ""


@dataclass(slots=True)
class Source:
    """An opened file: what stood beside its records, and how many of its packed bytes have been read."""

    path: Path
    meta: dict[str, Any] = field(default_factory=dict)
    size: int = 0
    raw: IO[bytes] | None = None

    @property
    def share_read(self) -> float:
        """0–1."""
        if self.raw is None or self.raw.closed or not self.size:
            return 1.0
        return min(1.0, self.raw.tell() / self.size)


Read = Callable[[Source, IO[bytes]], Iterator[Entry]]


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def file_digest(*paths: Path) -> str:
    """SHA-256 over the contents of the files, hexadecimal; raises `UnreadableFile`."""
    digest = hashlib.sha256()
    try:
        for path in paths:
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    except OSError as error:
        raise UnreadableFile(f"{error.filename}: {error.strerror}") from error
    return digest.hexdigest()


def value_of(text: bytes) -> Any:
    """One JSON value; raises `BadRecord` for what no JSON parser should take."""
    try:
        return orjson.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRecord(f"not JSON: {error}"[:200]) from error


def json_read(source: Source, stream: IO[bytes]) -> Iterator[Entry]:
    """The records of JSON lines, or of one JSON document."""
    first = stream.readline(LINE_BYTES + 1)
    if len(first) <= LINE_BYTES and _is_record(first):
        yield from _lines(stream, first)
    elif first.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[", b"") and not _is_broken_line(first):
        rest = stream.read(max(0, DOCUMENT_BYTES + 1 - len(first)))
        if len(first) + len(rest) > DOCUMENT_BYTES:
            raise UnreadableFile(f"{source.path.name}: more than {DOCUMENT_BYTES // 1024**2} MB in one JSON document")
        yield from _document(source, first + rest)
    else:
        yield from _lines(stream, first)


def entries_read(source: Source, read: Read = json_read) -> Iterator[Entry]:
    """Every record of the file in order, by `read`.

    A bad line gives an `Entry` with its error and reading goes on; raises `UnreadableFile` when nothing more can be read.
    """
    try:
        with source.path.open("rb") as raw:
            source.raw, source.size = raw, os.fstat(raw.fileno()).st_size
            yield from read(source, open_capped(raw, max_bytes=STREAM_BYTES))
    except OSError as error:
        raise UnreadableFile(f"{source.path.name}: {error.strerror or error}") from error
    except ArchiveRefused as error:
        raise UnreadableFile(f"{source.path.name}: {error}") from error


def _is_record(line: bytes) -> bool:
    """Whether the first line is a whole JSON object that is not itself a document of records."""
    try:
        value = orjson.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and not any(isinstance(value.get(name), list) for name in ARRAYS)


def _is_broken_line(line: bytes) -> bool:
    """A line that ends like a record but is no JSON: a bad record of a file of lines, not the head of a document."""
    text = line.strip()
    return text[:1] == b"{" and text[-1:] == b"}" and line.endswith(b"\n") and not _is_json(text)


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def lines_read(stream: IO[bytes], line: bytes | None = None) -> Iterator[tuple[int, bytes, str]]:
    """(number from 1, bytes, "") of each line; without the bytes and with what is wrong for one that is too long. `line` is the
    first one where that was read already.
    """
    number = 0
    line = stream.readline(LINE_BYTES + 1) if line is None else line
    while line:
        number += 1
        if len(line) > LINE_BYTES:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LINE_BYTES)
            yield number, b"", f"a line of more than {LINE_BYTES // 1024**2} MB"
        else:
            yield number, line, ""
        line = stream.readline(LINE_BYTES + 1)


def _lines(stream: IO[bytes], first: bytes) -> Iterator[Entry]:
    for number, line, error in lines_read(stream, first):
        if error:
            yield Entry(number, error=error)
        elif text := line.strip(b"\xef\xbb\xbf \t\r\n"):
            try:
                yield Entry(number, value_of(text))
            except BadRecord as bad:
                yield Entry(number, error=str(bad))


class _Cursor:
    """A place in the text of a document, with the line it is on."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line, self._counted = text, 0, 1, 0

    def skip(self) -> str:
        """Step over white space; the character that follows, "" at the end."""
        self.at = cast(re.Match[str], _SPACE.match(self.text, self.at)).end()
        self.line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self.text[self.at : self.at + 1]

    def take(self, expected: str) -> None:
        if self.skip() != expected:
            raise ValueError(f"{expected!r} expected")
        self.at += 1

    def value(self) -> Any:
        self.skip()
        value, self.at = _DECODER.raw_decode(self.text, self.at)
        return value


def _document(source: Source, data: bytes) -> Iterator[Entry]:
    try:
        cursor = _Cursor(data.decode())
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{source.path.name}: not UTF-8") from error
    del data
    try:
        match cursor.skip():
            case "":
                return
            case "[":
                yield from _array(cursor)
            case _:
                yield from _object(source, cursor)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{source.path.name}, line {cursor.line}: not JSON ({error})"[:300]) from error


def _object(source: Source, cursor: _Cursor) -> Iterator[Entry]:
    """The records of the first array under one of `ARRAYS`; what stands before it is the source's `meta`."""
    cursor.take("{")
    while cursor.skip() != "}":
        name = cursor.value()
        cursor.take(":")
        following = cursor.skip()
        if name in ARRAYS and following == "[":
            yield from _array(cursor)
        elif name == "data" and following == "{":
            line = cursor.line
            yield Entry(line, cursor.value())
        else:
            source.meta[str(name)] = cursor.value()
        if cursor.skip() == ",":
            cursor.at += 1


def _array(cursor: _Cursor) -> Iterator[Entry]:
    cursor.take("[")
    while cursor.skip() != "]":
        line = cursor.line
        yield Entry(line, cursor.value())
        if cursor.skip() == ",":
            cursor.at += 1
        elif cursor.skip() != "]":
            raise ValueError("',' or ']' expected")
    cursor.at += 1
