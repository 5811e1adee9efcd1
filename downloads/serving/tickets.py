"""Tickets: leave to fetch one finished file by an address, for ten minutes, without a bearer."""

import uuid
from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.utils import timezone

from accounts.facade import User, role_allows
from core.errors import PermissionDenied
from core.secrets import token_hash
from downloads.errors import DownloadNotReady, DownloadReaped, TicketInvalid
from downloads.models.downloads import Download, DownloadState
from downloads.models.tickets import DownloadTicket

LIFETIME = timedelta(minutes=10)
MAY_FETCH = "downloads.change_download"
"""Whoever has this (admins and superadmins) gets files; it is asked again at each use of a ticket."""


def ticket_issue(*, actor: User, download: Download) -> tuple[str, datetime]:
    """A ticket for `actor` and the file of `download`, and when it runs out. The ticket itself is kept nowhere.

    Raises `PermissionDenied`, `DownloadNotReady` (409), `DownloadReaped` (410).
    """
    if not _may_fetch(actor):
        raise PermissionDenied()
    download_check(download)
    ticket = str(uuid.uuid4())
    expires_at = timezone.now() + LIFETIME
    DownloadTicket.objects.create(token_hash=token_hash(ticket), download=download, user=actor, expires_at=expires_at)
    return ticket, expires_at


def ticket_check(*, download_id: uuid.UUID, ticket: str) -> Download:
    """The download that the ticket leads to. One query; tickets are not used up, so that a broken transfer can go on.

    Raises `TicketInvalid` (401: none, unknown, run out, of another file, of somebody who may not any more), then
    `DownloadNotReady` (409), `DownloadReaped` (410).
    """
    # Looked up by its hash: how long that takes says nothing about tickets that would be right.
    row = (
        DownloadTicket.objects.select_related("download", "user")
        .filter(token_hash=token_hash(ticket), download_id=download_id, expires_at__gt=timezone.now())
        .first()
    )
    if row is None or not _may_fetch(row.user):
        raise TicketInvalid()
    download_check(row.download)
    return row.download


def download_check(download: Download) -> None:
    """Raises `DownloadNotReady` unless the download has its file, `DownloadReaped` when it was removed."""
    if download.reaped_at is not None:
        raise DownloadReaped()
    if download.state != DownloadState.DONE or not download.path:
        raise DownloadNotReady(extra={"state": download.state})


def tickets_trim() -> int:
    """Remove the tickets that ran out; how many."""
    return DownloadTicket.objects.filter(expires_at__lt=Now()).delete()[0]


def _may_fetch(user: User) -> bool:
    return user.is_active and user.erased_at is None and role_allows(user.role, MAY_FETCH)
