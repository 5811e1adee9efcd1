"""How a path of the library is kept as text: what is plain stays as it is, the rest is written so that nothing is lost."""

import os
import re
from pathlib import Path

from core.errors import DomainError
from core.media.paths import path_within

PREFIX = "library:"
MAX_PATH = 900
"""Characters of a stored path; with `PREFIX` and the marks of `tombstone` it fits the columns."""
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\ud800-\udfff]")
_ESCAPED = re.compile(r"\\(\\|x[0-9a-f]{2}|u[0-9a-f]{4})")
_SUSPICIOUS = re.compile(r"%|^~|^[A-Za-z]:")


def path_stored(path: str) -> str:
    """The text under which a relative path is kept: backslashes are doubled, control characters and bytes that are not UTF-8
    (as `os.fsdecode` gives them) become `\\x0a`. Different paths stay different; a plain path is itself.
    """
    return _ODD.sub(_escape, path) if _ODD.search(path) else path


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character == "\\":
        return "\\\\"
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    # Two digits are of bytes alone: a control character above 0x7f gets four.
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}"


def path_raw(stored: str) -> str:
    """The path as the system has it: the inverse of `path_stored`."""
    return _ESCAPED.sub(_unescape, stored) if "\\" in stored else stored


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    if code == "\\":
        return code
    number = int(code[1:], 16)
    return chr(0xDC00 + number if code[0] == "x" and number >= 0x80 else number)


def path_is_plain(path: str, root: Path) -> bool:
    """Whether a relative path can be served as it is: only such files become ways to play."""
    if _ODD.search(path):
        return False
    if not _SUSPICIOUS.search(path):
        return True
    try:
        path_within(root, path)
    except DomainError:
        return False
    return True


def tombstone(row_id: int, path: str) -> str:
    """The path of a row whose place another file took. No file's path begins so: a backslash is never followed by "g"."""
    return f"\\gone/{row_id}/{path}"[:1000]


def source_path(path: str) -> str:
    """The path of the catalogue's source for a stored path."""
    return PREFIX + path


def root_real(root: Path) -> str:
    """The root without symbolic links."""
    return os.path.realpath(root)
