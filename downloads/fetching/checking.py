"""What comes as a piece of a stream is looked at before it is believed."""

from pathlib import Path

from django.utils.translation import gettext as _

from downloads.errors import SegmentFailed
from downloads.media.kinds import HEAD_BYTES, id3_length, kind_of

NEVER = frozenset({"html", "xml", "json", "playlist", "program", "archive", "document", "picture"})
"""What no piece is: an error page with status 200, a playlist that wants to be read by ffmpeg (threat 7)."""


def head_check(head: bytes) -> None:
    """Raise `SegmentFailed` for the first bytes of what is no piece of a stream."""
    if kind_of(head) in NEVER:
        raise SegmentFailed(_("A segment is a page and no part of a stream."))


def piece_checked(path: Path) -> int:
    """Raise `SegmentFailed` for what is no piece of a stream; how many bytes an ID3 tag in front of it has (RFC 8216, 3.4)."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    skip = id3_length(head)
    head_check(head[skip:] if skip < len(head) else b"\x00")
    return skip
