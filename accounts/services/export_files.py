"""Everything about a person as JSON: written into a ZIP, or streamed; at most `CHUNK` rows are in memory at a time."""

import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage
from django.utils import timezone, translation

from accounts.models import User
from core.api.renderers import json_bytes
from core.personal_data import ExportFile, Row, export_parts, files_of

SCHEMA_VERSION = 1
"""Rises when a part's rows change their meaning."""
REPORT_ROWS = 2_000
_COPY = 256 * 1024

Report = Callable[[str, float], None]
"""Called with the name of the part and the progress (0–100), before each part and every `REPORT_ROWS` rows."""


def export_json(*, user: User) -> Iterator[bytes]:
    """One JSON document: `{"schema_version", "exported_at", "user_id", "site", "parts": {name: [rows]}}`, in pieces."""
    yield json_bytes(_head(user))[:-1] + b',"parts":{'
    for number, part in enumerate(export_parts()):
        yield (b"," if number else b"") + json_bytes(part.name) + b":["
        yield from _pieces(part.rows(user))
        yield b"]"
    yield b"}}"


def _head(user: User) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "exported_at": timezone.now(),
        "user_id": user.pk,
        "site": settings.SITE_NAME,
    }


def _pieces(rows: Iterable[Row]) -> Iterator[bytes]:
    """Rows of a JSON array, a few hundred to a piece."""
    batch: list[bytes] = []
    is_first = True
    for row in rows:
        batch.append(json_bytes(row))
        if len(batch) == 200:
            yield (b"" if is_first else b",") + b",".join(batch)
            batch, is_first = [], False
    if batch:
        yield (b"" if is_first else b",") + b",".join(batch)


def export_zip(*, user: User, storage: Storage, name: str, report: Report) -> int:
    """Write the ZIP to `storage` as `name`: a JSON file a part, `index.json`, files. Returns its size in bytes.

    It is made in a file that the system forgets with the process, so a killed worker leaves nothing behind.
    """
    with tempfile.TemporaryFile() as made:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            _parts_write(archive, user, report)
        size = made.tell()
        report("storing", 99.0)
        made.seek(0)
        stored = storage.save(name, File(made, name=name))
        if stored != name:  # a storage that renames would hide the file from its row
            storage.delete(stored)
            raise OSError(f"the storage called {name} {stored}")
    return size


def _parts_write(archive: zipfile.ZipFile, user: User, report: Report) -> None:
    parts = export_parts()
    index: dict[str, Any] = {**_head(user), "parts": [], "files": []}
    with translation.override("en"):
        labels = {part.name: str(part.label) for part in parts}
    for number, part in enumerate(parts):
        done = 98.0 * number / len(parts)
        report(part.name, done)
        with archive.open(_entry(f"{part.name}.json"), "w") as file:
            count = _rows_write(file, part.rows(user), partial(report, part.name, done))
        index["parts"].append(
            {"name": part.name, "file": f"{part.name}.json", "about": labels[part.name], "rows": count}
        )
    for found in files_of(user):
        if _file_copy(archive, found):
            index["files"].append(found.path)
    archive.writestr(_entry("index.json"), json_bytes(index))


def _entry(path: str) -> zipfile.ZipInfo:
    """A compressed file of today: unpacked it is not of 1980."""
    entry = zipfile.ZipInfo(path, timezone.now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _rows_write(file: IO[bytes], rows: Iterable[Row], beat: Callable[[], None]) -> int:
    """A JSON array, a row a line; returns how many."""
    count = 0
    file.write(b"[")
    for row in rows:
        file.write((b",\n" if count else b"\n") + json_bytes(row))
        count += 1
        if count % REPORT_ROWS == 0:
            beat()
    file.write(b"\n]\n")
    return count


def _file_copy(archive: zipfile.ZipFile, found: ExportFile) -> bool:
    """Whether the file was there to be copied."""
    try:
        source = found.storage.open(found.name, "rb")
    except FileNotFoundError:
        return False
    with source, archive.open(_entry(found.path), "w") as target:
        while chunk := source.read(_COPY):
            target.write(chunk)
    return True
