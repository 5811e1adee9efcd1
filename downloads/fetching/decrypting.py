"""Keys of segments, and segments without them (RFC 8216, 4.3.2.4)."""

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from django.utils.translation import gettext as _

from core import egress
from downloads.errors import SegmentFailed
from downloads.hls.playlists import Key

KEY_BYTES = {"AES-128": 16, "AES-256": 32, "AES-256-CTR": 32}
BLOCK = 16
CHUNK = 256 * 1024
MAX_KEYS = 2000


class Keys:
    """The keys of one download, each asked for once. Safe between threads."""

    def __init__(self, policy: egress.Policy) -> None:
        self._policy = policy
        self._known: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def of(self, key: Key) -> bytes:
        """The bytes of a key; raises `SegmentFailed` for an answer that is none, `EgressError` for no answer."""
        with self._lock:
            if (known := self._known.get(key.uri)) is not None:
                return known
            if len(self._known) >= MAX_KEYS:
                self._known.clear()
            answer = egress.fetch(key.uri, policy=self._policy)
            if not answer.is_ok or len(answer.body) != KEY_BYTES[key.method]:
                raise SegmentFailed(_("The key of a segment is not one."))
            self._known[key.uri] = answer.body
            return answer.body


def appended(source: Path, target: BinaryIO, *, key: Key | None, secret: bytes, sequence: int, skip: int = 0) -> int:
    """Append what is in `source` behind its first `skip` bytes to `target`, without its encryption; how many bytes that were.

    Raises `SegmentFailed` for what is not whole blocks or has no right end: another key, or not all of the segment.
    """
    written = 0
    with source.open("rb") as file:
        if key is None:
            return _copied(file, target, skip)
        decryptor, pending = _decryptor(key, secret, sequence), b""
        while chunk := file.read(CHUNK):
            pending += decryptor.update(chunk)
            # The last block may be filling: it waits until the end is known.
            ready, pending = pending[:-BLOCK], pending[-BLOCK:]
            target.write(ready)
            written += len(ready)
    try:
        pending += decryptor.finalize()
    except ValueError as error:
        raise SegmentFailed(_("A segment is not whole.")) from error
    last = pending if key.method.endswith("CTR") else _unfilled(pending)
    target.write(last)
    return written + len(last)


def _copied(file: BinaryIO, target: BinaryIO, skip: int) -> int:
    """Append the file behind its first `skip` bytes; how many bytes that were. The kernel does it where it can."""
    target.flush()
    begins = end = target.tell()
    with suppress(AttributeError, OSError):
        while count := os.copy_file_range(file.fileno(), target.fileno(), 2**30, skip + end - begins, end):
            end += count
    target.seek(end)
    file.seek(skip + end - begins)
    while chunk := file.read(CHUNK):
        target.write(chunk)
        end += len(chunk)
    return end - begins


def _decryptor(key: Key, secret: bytes, sequence: int) -> CipherContext:
    start = key.iv if key.iv is not None else sequence.to_bytes(BLOCK, "big")
    mode = modes.CTR(start) if key.method.endswith("CTR") else modes.CBC(start)
    return Cipher(algorithms.AES(secret), mode).decryptor()


def _unfilled(block: bytes) -> bytes:
    """Without the filling of PKCS #7."""
    count = block[-1] if block else 0
    if not 1 <= count <= BLOCK or block[-count:] != bytes([count]) * count:
        raise SegmentFailed(_("A segment could not be decrypted."))
    return block[:-count]
