"""Tickets over HTTP: ten minutes, one file, one person, as often as a transfer breaks."""

import logging
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from core.secrets import token_hash
from downloads.models.downloads import Download, DownloadState
from downloads.models.tickets import DownloadTicket
from downloads.serving.tickets import ticket_issue, tickets_trim
from downloads.tests.serving.conftest import BYTES


@pytest.fixture
def url(admin: User, download: Download) -> str:
    ticket, _expires = ticket_issue(actor=admin, download=download)
    return f"/api/v1/downloads/{download.pk}/file?ticket={ticket}"


def body_of(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_ticket_is_a_link_for_ten_minutes(client: Client, admin: User, download: Download) -> None:
    client.force_login(admin)
    answer = client.post(f"/api/v1/admin/downloads/{download.pk}/ticket")
    told = answer.json()
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "private, no-store"
    assert told["url"] == f"/api/v1/downloads/{download.pk}/file?ticket={told['ticket']}"
    row = DownloadTicket.objects.get()
    assert (row.token_hash, row.user, row.download) == (token_hash(told["ticket"]), admin, download)
    assert timedelta(minutes=9) < row.expires_at - timezone.now() <= timedelta(minutes=10)
    file = Client().get(told["url"])
    assert (file.status_code, body_of(file)) == (200, BYTES)


def test_the_file_is_to_keep_and_for_no_cache(client: Client, url: str) -> None:
    answer = client.get(url)
    assert answer["Content-Disposition"] == 'attachment; filename="01.mkv"'
    assert answer["Content-Type"] == "video/x-matroska"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (answer["Accept-Ranges"], answer["Content-Length"]) == ("bytes", str(len(BYTES)))


def test_a_broken_transfer_goes_on_with_the_same_ticket(client: Client, url: str) -> None:
    first = client.get(url, headers={"range": "bytes=0-4095"})
    rest = client.get(url, headers={"range": "bytes=4096-", "if-range": first["ETag"]})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert rest["Content-Range"] == f"bytes 4096-{len(BYTES) - 1}/{len(BYTES)}"
    assert body_of(first) + body_of(rest) == BYTES
    tail = client.get(url, headers={"range": "bytes=-16"})
    assert body_of(tail) == BYTES[-16:]
    assert client.get(url, headers={"range": f"bytes={len(BYTES)}-"}).status_code == 416
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    head = client.head(url)
    assert (head.status_code, head["Content-Length"]) == (200, str(len(BYTES)))


def test_one_query_a_piece(client: Client, url: str, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        client.get(url, headers={"range": "bytes=0-9"})


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"state": DownloadState.RUNNING}, 409, "download_not_ready"),
        ({"state": DownloadState.FAILED}, 409, "download_not_ready"),
        ({"reaped_at": "2026-01-01T00:00Z"}, 410, "download_reaped"),
        ({"path": "library:Akari/gone.mkv"}, 410, "download_reaped"),
        ({"path": "library:../outside.mkv"}, 410, "download_reaped"),
    ],
)
def test_no_file_without_one(
    client: Client, download: Download, url: str, change: dict[str, str], status: int, code: str
) -> None:
    Download.objects.filter(pk=download.pk).update(**change)
    answer = client.get(url)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"state": DownloadState.QUEUED, "path": ""}, 409, "download_not_ready"),
        ({"reaped_at": "2026-01-01T00:00Z"}, 410, "download_reaped"),
    ],
)
def test_no_ticket_without_a_file(
    client: Client, admin: User, download: Download, change: dict[str, str], status: int, code: str
) -> None:
    Download.objects.filter(pk=download.pk).update(**change)
    client.force_login(admin)
    answer = client.post(f"/api/v1/admin/downloads/{download.pk}/ticket")
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert not DownloadTicket.objects.exists()


def test_who_gets_tickets(client: Client, download: Download) -> None:
    address = f"/api/v1/admin/downloads/{download.pk}/ticket"
    assert client.post(address).status_code == 401
    for role in (Role.USER, Role.TESTER, Role.MODERATOR):
        client.force_login(User.objects.create_user(f"a_{role}", f"{role}@example.org", "x", role=role))
        assert client.post(address).status_code == 403, role
    client.force_login(User.objects.create_user("root1", "r@example.org", "x", role=Role.SUPERADMIN))
    assert client.post(address).status_code == 201
    assert client.post(f"/api/v1/admin/downloads/{uuid.uuid4()}/ticket").status_code == 404


def test_no_log_line_holds_a_ticket(
    client: Client, library: Path, url: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    ticket = url.rpartition("=")[2]
    with caplog.at_level(logging.DEBUG):
        client.get(url)
        client.get(url.replace("/downloads/", "/downloads/x"))
        client.post(url)
        (library / "Akari" / "01.mkv").unlink()
        assert client.get(url).status_code == 410
    assert caplog.records
    said = capsys.readouterr()
    assert ticket not in caplog.text + said.out + said.err


def test_old_tickets_are_removed(admin: User, download: Download) -> None:
    ticket_issue(actor=admin, download=download)
    ticket_issue(actor=admin, download=download)
    old = DownloadTicket.objects.first()
    DownloadTicket.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tickets_trim() == 1
    assert DownloadTicket.objects.count() == 1
