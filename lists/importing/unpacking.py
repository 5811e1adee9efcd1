"""Takes an uploaded file out of its gzip or zip: caps hold while reading, whatever the file says of itself (threat 36)."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from core.archives import CappedReader, ZipLimits, open_capped, zip_files
from core.media.errors import ArchiveRefused
from lists.importing.errors import ListFileTooLarge, ListFileUnreadable, ListFileUnsafe

MIB = 1024 * 1024
PACKED_LIMIT = 20 * MIB
UNPACKED_LIMIT = 100 * MIB
_CHUNK = 64 * 1024
_IN_MEMORY = 4 * MIB
_RATIO_FROM, _RATIO_LIMIT = 2 * MIB, 200
"""A list packs 10 to 40 times smaller; what packs 200 times smaller and is past 2 MiB is built to do harm."""
_ZIP_FILES = 20
_GZIP, _ZIP, _ZIP_ENTRY = b"\x1f\x8b", b"PK\x03\x04", b"PK\x01\x02"


@contextmanager
def unpacked(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The one file within, at its beginning, seekable; plain files as they are. Beyond 4 MiB it lies on the disk.

    Raises `ListFileTooLarge`, `ListFileUnsafe`, `ListFileUnreadable`.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if size > PACKED_LIMIT:
        raise ListFileTooLarge("too_many_bytes", limit=PACKED_LIMIT // MIB)
    head = file.read(4)
    file.seek(0)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as within:
        if head.startswith(_ZIP):
            _unzip(file, within)
        else:
            _copy(open_capped(file, max_bytes=UNPACKED_LIMIT), within, packed=file)
        within.seek(0)
        if within.read(4).startswith((_GZIP, _ZIP)):
            raise ListFileUnreadable("archive_in_archive")
        within.seek(0)
        yield within


def _unzip(file: IO[bytes], within: IO[bytes]) -> None:
    if _count(file, _ZIP_ENTRY) > _ZIP_FILES:
        raise ListFileUnsafe("archive_many_files")
    limits = ZipLimits(max_files=_ZIP_FILES, max_file_bytes=UNPACKED_LIMIT, max_total_bytes=UNPACKED_LIMIT)
    names = []
    try:
        for name, stream in zip_files(file, limits=limits):
            if name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("."):
                continue
            names.append(name)
            if len(names) > 1:
                raise ListFileUnreadable("archive_many")
            _copy(stream, within, packed=file)
    except ArchiveRefused as error:
        file.seek(0)
        refusal = ListFileUnsafe if zipfile.is_zipfile(file) else ListFileUnreadable
        raise refusal(f"archive_{error.reason}") from error
    if not names:
        raise ListFileUnreadable("archive_empty")


def _count(file: IO[bytes], word: bytes) -> int:
    """How many entries an archive really lists: its own number may lie, and reading a million of them takes memory."""
    found, tail = 0, b""
    while chunk := file.read(_CHUNK):
        found += (tail + chunk).count(word)
        tail = chunk[-(len(word) - 1) :]
    file.seek(0)
    return found


def _copy(stream: BinaryIO, within: IO[bytes], *, packed: IO[bytes]) -> None:
    """`packed` is the file that `stream` unpacks: how far it has been read tells early what it turns into."""
    total = 0
    try:
        while chunk := stream.read(_CHUNK):
            total += len(chunk)
            if total > _RATIO_FROM and total > packed.tell() * _RATIO_LIMIT:
                raise ListFileUnsafe("archive_bomb")
            within.write(chunk)
    except ArchiveRefused as error:
        reader = getattr(stream, "raw", None)
        if isinstance(reader, CappedReader) and reader.left < 0:
            raise ListFileTooLarge("too_many_bytes_unpacked", limit=UNPACKED_LIMIT // MIB) from error
        raise ListFileUnreadable(f"archive_{error.reason}") from error
