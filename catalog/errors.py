"""What the catalogue refuses, and by which code."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotFound


class AnimeHidden(DomainError):
    """The anime was taken down; testers and admins still see it (reference: GET /anime/:id)."""

    code = "anime_hidden"
    status = 410
    title = _("This anime was taken down")


class PlayerRestricted(DomainError):
    """The page may be seen but nothing played; `moderation_reason` joins the document as a top-level member."""

    code = "player_restricted"
    status = 403
    title = _("This anime cannot be played here")


class AdultNotAllowed(DomainError):
    """Adult titles were asked for by someone whose account does not show them."""

    code = "adult_not_allowed"
    status = 403
    title = _("Your account does not show adult titles")


class TimecodeNotFound(NotFound):
    """The row to copy from does not exist."""

    code = "timecode_not_found"
    title = _("There are no timecodes to copy")


class FileMissing(NotFound):
    """The row is there, its file is not: the disk is away or somebody moved it."""

    code = "file_missing"
    title = _("The file is not there")
