"""What tells a file from others of its size without reading it whole."""

import hashlib
import os
import stat

EDGE = 64 * 1024


def fingerprint_of(path: str) -> str:
    """A hash of a file's size, first and last 64 KiB (32 hex digits); "" for what is no plain file or cannot be read."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    with os.fdopen(handle, "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode) or not facts.st_size:
            return ""
        try:
            digest = hashlib.blake2b(str(facts.st_size).encode(), digest_size=16)
            digest.update(file.read(EDGE))
            if facts.st_size > EDGE:
                file.seek(max(EDGE, facts.st_size - EDGE))
                digest.update(file.read(EDGE))
        except OSError:
            return ""
    return digest.hexdigest()
