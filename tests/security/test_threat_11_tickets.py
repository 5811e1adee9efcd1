"""Threat 11: a file is not had by guessing ids, nor with a ticket that is not for it any more."""

# ruff: noqa: F401, F811 — fixtures of another folder

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from downloads.models.downloads import Download
from downloads.models.tickets import DownloadTicket
from downloads.serving.tickets import ticket_issue
from downloads.tests.serving.conftest import admin, download, library


@pytest.fixture
def ticket(admin: User, download: Download) -> str:
    return ticket_issue(actor=admin, download=download)[0]


def asked(client: Client, download_id: object, query: str) -> tuple[int, str]:
    answer = client.get(f"/api/v1/downloads/{download_id}/file{query}")
    return answer.status_code, "" if answer.streaming else answer.json()["error"]


def test_the_id_alone_is_nothing(client: Client, download: Download, ticket: str) -> None:
    for query in (
        "",
        "?ticket=",
        "?ticket=x",
        f"?ticket={uuid.uuid4()}",
        f"?ticket={ticket[:-1]}",
        f"?ticket={ticket}0",
    ):
        assert asked(client, download.pk, query) == (401, "ticket_invalid"), query
    assert asked(client, download.pk, f"?ticket={ticket.upper()}") == (401, "ticket_invalid")
    assert asked(client, download.pk, "?ticket=%00%ff" + "a" * 5000) == (401, "ticket_invalid")
    assert asked(client, uuid.uuid4(), "?ticket=") == (401, "ticket_invalid"), "whether an id exists is not told"
    assert asked(client, download.pk, f"?ticket={ticket}")[0] == 200


def test_what_runs_the_site_does_not_count(client: Client, download: Download, admin: User) -> None:
    client.force_login(admin)
    assert asked(client, download.pk, "") == (401, "ticket_invalid"), "a link from elsewhere would carry the session"


def test_a_ticket_is_for_one_file(client: Client, download: Download, ticket: str) -> None:
    other = Download.objects.create(
        anime=download.anime, episode_number=2, state=download.state, path=download.path, size=download.size
    )
    assert asked(client, other.pk, f"?ticket={ticket}") == (401, "ticket_invalid")


def test_a_ticket_runs_out(client: Client, download: Download, ticket: str) -> None:
    DownloadTicket.objects.update(expires_at=timezone.now())
    assert asked(client, download.pk, f"?ticket={ticket}") == (401, "ticket_invalid")


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.USER}, {"role": Role.MODERATOR}])
def test_a_ticket_ends_with_the_right_to_it(
    client: Client,
    download: Download,
    admin: User,
    ticket: str,
    change: dict[str, object],
) -> None:
    assert asked(client, download.pk, f"?ticket={ticket}")[0] == 200
    User.objects.filter(pk=admin.pk).update(**change)
    assert asked(client, download.pk, f"?ticket={ticket}") == (401, "ticket_invalid")
    User.objects.filter(pk=admin.pk).delete()
    assert asked(client, download.pk, f"?ticket={ticket}") == (401, "ticket_invalid")


def test_the_database_does_not_hold_it(ticket: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM downloads_downloadticket")
        assert ticket not in str(cursor.fetchall())
        assert ticket.replace("-", "") not in str(cursor.fetchall())
