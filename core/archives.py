"""Reads gzip, zip and XML that strangers wrote: caps hold while reading, whatever the file says about itself (threat 36)."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO
from xml.etree.ElementTree import Element, ParseError  # types only; parsing is defusedxml's

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core.media.errors import ArchiveRefused
from core.media.paths import path_within

_CHUNK = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"


class CappedReader(io.RawIOBase):
    """A binary stream that raises `ArchiveRefused` when more than `max_bytes` come out of it or it turns out damaged.

    `left` is how many bytes may still be read.
    """

    def __init__(self, source: IO[bytes], *, max_bytes: int) -> None:
        super().__init__()
        self._source = source
        self.left = max_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._source.read(min(len(buffer), _CHUNK))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise ArchiveRefused("damaged") from error
        self.left -= len(data)
        if self.left < 0:
            raise ArchiveRefused("expands")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


def open_capped(source: Path | IO[bytes], *, max_bytes: int) -> BinaryIO:
    """A file, plain or gzip (told by its first bytes), as a stream of at most `max_bytes` after decompression.

    Raises `ArchiveRefused` (400) from `read` when the cap is passed or the data is damaged. Closing it closes the source.
    """
    file = source.open("rb") if isinstance(source, Path) else source
    head = file.read(2)
    file.seek(-len(head), io.SEEK_CUR)
    inner: IO[bytes] = gzip.GzipFile(fileobj=file) if head == _GZIP_MAGIC else file  # type: ignore[assignment]
    return io.BufferedReader(CappedReader(inner, max_bytes=max_bytes), buffer_size=_CHUNK)


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What an archive may hold: files, bytes of one file, bytes in all (all after decompression)."""

    max_files: int = 1_000
    max_file_bytes: int = 64 * 1024 * 1024
    max_total_bytes: int = 256 * 1024 * 1024


def zip_files(source: Path | IO[bytes], *, limits: ZipLimits) -> Iterator[tuple[str, BinaryIO]]:
    """Each file of a zip as (relative path, capped stream, good until the next one is asked for).

    Sizes are counted while reading; those in the archive's directory are not believed. Links, absolute paths, `..`,
    encrypted entries and repeated names are refused with `ArchiveRefused` (400) before anything of the archive is read.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise ArchiveRefused("no_zip") from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _entries_check(entries, limits)
        left = limits.max_total_bytes
        for entry in entries:
            try:
                opened = archive.open(entry)
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
                raise ArchiveRefused("damaged") from error
            reader = CappedReader(opened, max_bytes=min(limits.max_file_bytes, left))
            with io.BufferedReader(reader, buffer_size=_CHUNK) as stream:
                yield entry.filename, stream
            left = left - (min(limits.max_file_bytes, left) - reader.left)


def zip_extract(source: Path | IO[bytes], *, into: Path, limits: ZipLimits) -> list[Path]:
    """Unpack into an existing folder and list what was written; a file that exists already is never overwritten."""
    written: list[Path] = []
    try:
        for name, stream in zip_files(source, limits=limits):
            path = path_within(into, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                while chunk := stream.read(_CHUNK):
                    file.write(chunk)
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise ArchiveRefused("no_room") from error
        raise
    return written


def xml_read(data: bytes, *, max_bytes: int) -> Element:
    """The root element of an XML document without a DTD, entities or outside references; `ArchiveRefused` (400) otherwise."""
    if len(data) > max_bytes:
        raise ArchiveRefused("document_large")
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise ArchiveRefused("document_odd") from error
    return root


def _entries_check(entries: list[zipfile.ZipInfo], limits: ZipLimits) -> None:
    if len(entries) > limits.max_files:
        raise ArchiveRefused("many_files")
    if sum(entry.file_size for entry in entries) > limits.max_total_bytes:
        raise ArchiveRefused("expands")
    for entry in entries:
        # The upper half of external_attr is the Unix mode: 0o12 in its top bits is a symbolic link.
        is_link = entry.external_attr >> 28 == 0o12
        parts = PurePosixPath(entry.filename).parts
        is_outside = (
            entry.filename.startswith("/") or "\\" in entry.orig_filename or ":" in (parts or ("",))[0] or ".." in parts
        )
        if is_link or is_outside or not parts or "\x00" in entry.orig_filename or entry.flag_bits & 0x1:
            raise ArchiveRefused("unsafe_file")
    if len({entry.filename for entry in entries}) != len(entries):
        raise ArchiveRefused("same_name")
