"""Why a file is refused."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


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


class ArchiveRefused(MediaError):
    """An archive or an XML document that expands too far, lies about its size or writes outside its folder."""

    code = "archive_refused"
    title = _("This archive is not accepted")
