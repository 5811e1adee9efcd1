"""Opening the mapping files that others wrote: capped, plain or gzip."""

from pathlib import Path

from core.archives import open_capped
from core.media.errors import ArchiveRefused

MAX_BYTES = 64 * 1024 * 1024


class NumberingUnreadable(Exception):
    """A file of numbers that makes no sense, with what is wrong and the line (or entry) where, 0: as a whole."""

    def __init__(self, reason: str, place: int = 0) -> None:
        self.reason, self.place = reason, place
        super().__init__(reason)


def file_read(path: Path) -> bytes:
    """The bytes of a file, unpacked. Raises `NumberingUnreadable` when it cannot be had, is damaged or beyond 64 MiB."""
    try:
        with open_capped(path, max_bytes=MAX_BYTES) as file:
            return file.read()
    except (OSError, ArchiveRefused) as error:
        raise NumberingUnreadable(str(error)) from error
