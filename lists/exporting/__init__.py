"""Writes a person's list as the files of other sites, and as our own."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import ValidationFailed
from lists.exporting.formats import FORMATS, ListFormat

_PIECE = 64 * 1024


def list_write(*, user: User, format: str) -> Iterator[bytes]:
    """The whole list in pieces of about 64 KB: private entries and hidden anime too, for it is its person's own.

    The same list gives the same bytes. Raises `ValidationFailed` for a format that is not one of `FORMATS`.
    """
    return _buffered(format_get(format).write(user))


def format_get(code: str) -> ListFormat:
    """Raises `ValidationFailed`."""
    found = FORMATS.get(code)
    if found is None:
        raise ValidationFailed({"format": [_("One of: %(names)s.") % {"names": ", ".join(FORMATS)}]})
    return found


def _buffered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


__all__ = ["FORMATS", "ListFormat", "format_get", "list_write"]
