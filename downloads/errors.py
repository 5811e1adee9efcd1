"""What can go wrong with downloads and the library, each with a stable code.

`DownloadFailed` and what is below it end an attempt of a download; `is_passing` says whether another attempt may help.
"""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, NotAuthenticated, NotFound


class DownloadExists(Conflict):
    """The same episode in the same variant is in the queue already; `extra["download_id"]` names it."""

    code = "download_exists"
    title = _("This is in the queue already")


class DownloadNotReady(Conflict):
    """Its file is asked for before it is done."""

    code = "download_not_ready"
    title = _("The download is not finished")


class DownloadStateWrong(Conflict):
    """What is asked for cannot be done in the state that the download is in; `extra["state"]` names it."""

    code = "download_state_wrong"
    title = _("The download is not in a state for this")


class DownloadReaped(DomainError):
    """It was done, and its file is gone."""

    code = "download_reaped"
    status = 410
    title = _("The file is not kept any more")


class TicketInvalid(NotAuthenticated):
    """No ticket, one that ran out, one of another file, or one of somebody who may not any more."""

    code = "ticket_invalid"
    title = _("The ticket is missing or not valid")


class ConfigurationInvalid(DomainError):
    """`extra["fields"]`: field → messages. Nothing was changed."""

    code = "configuration_invalid"
    status = 422
    title = _("The configuration is not valid")


class ConfigurationUnreadable(DomainError):
    """The file of the configuration is damaged; backups can be restored."""

    code = "configuration_unreadable"
    status = 500
    title = _("The configuration could not be read")


class BackupNotFound(NotFound):
    code = "backup_not_found"
    title = _("There is no such backup")


class LibraryMissing(DomainError):
    """The library's folder is not there, or empty though it had files (a disk that is not mounted); `extra["path"]` names it.

    Nothing was changed.
    """

    code = "library_missing"
    status = 503
    title = _("The folder of the library is not there")


class DownloadFailed(DomainError):
    """Why an attempt ended."""

    code = "download_failed"
    status = 502
    title = _("The download failed")
    is_passing: ClassVar[bool] = True


class NoSource(DownloadFailed):
    """The catalogue knows no way to fetch the episode in this variant."""

    code = "no_source"
    title = _("No source has this episode")
    is_passing = False


class HostNotAllowed(DownloadFailed):
    """There are sources, but on hosts that the operator has not allowed."""

    code = "host_not_allowed"
    status = 400
    title = _("The host is not on the list of allowed hosts")
    is_passing = False


class PlaylistInvalid(DownloadFailed):
    """The playlist is none, or asks for something that is refused (another scheme, an endless list)."""

    code = "playlist_invalid"
    title = _("The playlist makes no sense")
    is_passing = False


class StreamUnsupported(DownloadFailed):
    """Encrypted for a player with a licence, live, or in another way not for keeping."""

    code = "stream_unsupported"
    title = _("The stream cannot be kept")
    is_passing = False


class SegmentFailed(DownloadFailed):
    """A piece of the stream could not be had after all its tries; `extra["segment"]` counts from 0."""

    code = "segment_failed"
    title = _("A part of the stream could not be fetched")


class SourceChanged(DownloadFailed):
    """The file at the source is another one than the one that was begun."""

    code = "source_changed"
    title = _("The source changed in between")


class MediaBroken(DownloadFailed):
    """What was fetched does not decode, or is not what was promised."""

    code = "media_broken"
    title = _("The file is damaged")


class MediaUnsafe(DownloadFailed):
    """What was fetched is no media file of a kind that we touch (threat 7)."""

    code = "media_unsafe"
    title = _("The file is not what it says")
    is_passing = False


class RemuxFailed(DownloadFailed):
    code = "remux_failed"
    title = _("The streams could not be joined into a file")
    is_passing = False


class FfmpegMissing(DownloadFailed):
    code = "ffmpeg_missing"
    status = 503
    title = _("ffmpeg is not installed")
    is_passing = False


class DiskFull(DownloadFailed):
    """No space, or less than the floor that the operator set would stay."""

    code = "disk_full"
    status = 507
    title = _("The disk is full")
    is_passing = False


class DownloadStalled(DownloadFailed):
    """The watchdog ended it: nothing moved for too long."""

    code = "download_stalled"
    title = _("Nothing moved for too long")


class DownloadCrashed(DownloadFailed):
    """The worker died with it again and again without getting on."""

    code = "download_crashed"
    title = _("The worker died with it repeatedly")
    is_passing = False


class PlaceTaken(DownloadFailed):
    """A file of somebody else is where this one belongs."""

    code = "place_taken"
    title = _("Another file is in its place")
    is_passing = False


class FolderUnavailable(DownloadFailed):
    """A folder of the operator (the library's, mostly) is not there, not writable, or its disk answers with errors."""

    code = "folder_unavailable"
    status = 503
    title = _("A folder cannot be used")
