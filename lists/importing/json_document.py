"""Reads a JSON file whole, but only when it cannot grow into more memory than a list needs."""

import codecs
from typing import IO, Any

import orjson

from lists.importing.errors import ListFileTooLarge, ListFileUnreadable

_CHUNK = 256 * 1024
BYTES_LIMIT = 64 * 1024 * 1024
VALUES_LIMIT = 3_000_000
"""Commas and brackets, counted before anything is built: 100,000 entries of 30 fields."""


def json_load(file: IO[bytes]) -> Any:
    """The document. Raises `ListFileTooLarge`, `ListFileUnreadable`."""
    size = values = 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        values += chunk.count(b",") + chunk.count(b"[") + chunk.count(b"{")
        if size > BYTES_LIMIT:
            raise ListFileTooLarge("too_many_bytes_json", limit=BYTES_LIMIT // (1024 * 1024))
        if values > VALUES_LIMIT:
            raise ListFileTooLarge("too_many_values")
    file.seek(0)
    data = file.read(size)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ListFileUnreadable("json_broken", line=error.lineno, column=error.colno) from error
