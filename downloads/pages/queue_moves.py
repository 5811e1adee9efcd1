"""Moving a waiting download by steps and by dragging, in the order that the page shows."""

import uuid

from accounts.facade import User
from downloads.access import get_download
from downloads.errors import DownloadStateWrong
from downloads.models import Download, DownloadState, Priority
from downloads.queue.control import download_move, download_set_priority

MOVES = ("top", "up", "down", "before", "after")


def download_shift(*, actor: User, download: Download, to: str, other_id: uuid.UUID | None = None) -> None:
    """Put it first, a step up or down, or directly before or after another one, among those of its state.

    Beside one of another priority it takes that over. Nothing happens at the ends. Raises `DownloadStateWrong` when it
    does not wait, `NotFound` for another one that there is not.
    """
    if download.state not in (DownloadState.QUEUED, DownloadState.PAUSED):
        raise DownloadStateWrong(extra={"state": download.state})
    if to in ("before", "after"):
        other = get_download(actor, other_id) if other_id else None
        if other is None or other.pk == download.pk:
            return
        _put(download, other, is_before=to == "before")
        return
    rows = list(_waiting(download))
    place = next((at for at, row in enumerate(rows) if row.pk == download.pk), None)
    if place is None:
        return
    if to == "down" and place + 1 < len(rows):
        _put(download, rows[place + 1], is_before=False)
    elif to != "down" and place > 0:
        _put(download, rows[0 if to == "top" else place - 1], is_before=True)


def _put(download: Download, other: Download, *, is_before: bool) -> None:
    if is_before:
        download_move(download=download, before=other)
        return
    rows = [row for row in _waiting(other) if row.pk != download.pk]
    place = next((at for at, row in enumerate(rows) if row.pk == other.pk), len(rows))
    following = rows[place + 1] if place + 1 < len(rows) else None
    if following is not None and following.priority == other.priority:
        download_move(download=download, before=following)
    elif download.priority != other.priority:
        download_set_priority(download=download, priority=Priority(other.priority))
    else:
        download_move(download=download, before=None)


def _waiting(download: Download) -> list[Download]:
    rows = Download.objects.filter(state=download.state).only("pk", "state", "priority", "position")
    return list(rows.order_by("-priority", "position", "pk"))
