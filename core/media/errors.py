"""Why a file is refused."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Text


class MediaError(DomainError):
    """Any refusal of a file."""

    code = "media_refused"
    status = 400
    title = _("This file is not accepted")


class ImageUnreadable(MediaError):
    """Not a JPEG, PNG, WebP, AVIF or GIF (SVG never is), or a damaged one."""

    code = "image_unreadable"
    title = _("This is not a picture that can be read")


class ImageTooLarge(MediaError):
    """Too many pixels or bytes; decided before decoding."""

    code = "image_too_large"
    title = _("The picture is too large")


class PathRefused(MediaError):
    """A relative path that leaves its folder or is not a plain path."""

    code = "path_refused"
    title = _("This path is not allowed")


ARCHIVE_REASONS: Final[dict[str, Text]] = {
    "damaged": _("The archive is damaged or of a kind that is not read."),
    "expands": _("The archive expands to more than may be read."),
    "no_zip": _("This is not a zip archive."),
    "no_room": _("The archive does not fit into its folder."),
    "document_large": _("The document is larger than may be read."),
    "document_odd": _("The document is not XML that is accepted."),
    "many_files": _("The archive holds too many files."),
    "unsafe_file": _("The archive holds a file that may not be unpacked."),
    "same_name": _("The archive holds the same name twice."),
}
"""Why an archive is refused: stable codes, which apps may keep, with what people read."""


class ArchiveRefused(MediaError):
    """An archive or an XML document that expands too far, lies about its size or writes outside its folder. `reason` is a
    key of `ARCHIVE_REASONS`.
    """

    code = "archive_refused"
    title = _("This archive is not accepted")

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(ARCHIVE_REASONS[reason])
