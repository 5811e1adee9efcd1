"""Threat 40: a dump of the database holds nothing that opens an account."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.tests.factories import UserFactory
from tests.permissions.snapshots import table_contents

PASSWORD = "correct horse battery 9"


def dump() -> str:
    """Every row of every table as text."""
    return repr(table_contents(sorted(connection.introspection.table_names())))


@pytest.mark.django_db
def test_a_dump_holds_no_live_secret(client: Client, mailoutbox: list[Any]) -> None:
    body = {"username": "careful", "email": "careful@example.org", "password": PASSWORD}
    registered = client.post("/api/v1/auth/register", body, content_type="application/json").json()
    login = {"identifier": "careful", "password": PASSWORD, "client": "mobile"}
    signed_in = Client().post("/api/v1/auth/login", login, content_type="application/json").json()
    refreshed = (
        Client().post("/api/v1/auth/refresh", headers={"Authorization": f"Bearer {signed_in['refresh_token']}"}).json()
    )

    site = Client()
    site.post("/accounts/login/", {"login": "careful", "password": PASSWORD})
    assert site.get("/settings").status_code == 200
    site.post("/accounts/password/reset/", {"email": "careful@example.org"})
    reset_link = next(word for mail in mailoutbox for word in mail.body.split() if "/password/reset/key/" in word)

    secrets = {
        "password": PASSWORD,
        "site session": site.cookies["sessionid"].value,
        "reset key": reset_link.rstrip("/").rpartition("/")[2].partition("-")[2],
        "access token": refreshed["access_token"],
    }
    for name, pair in {"registered": registered, "signed in": signed_in, "refreshed": refreshed}.items():
        secrets[f"refresh token ({name})"] = pair["refresh_token"]
        secrets[f"random part ({name})"] = pair["refresh_token"].removeprefix("hrt_")
    text = dump()
    assert "careful@example.org" in text  # the dump is one
    assert all(len(secret) > 10 for secret in secrets.values())
    assert [name for name, secret in secrets.items() if secret in text] == []


@pytest.mark.django_db
def test_the_stored_name_of_a_session_opens_nothing() -> None:
    from django.contrib.sessions.models import Session

    thief, owner = Client(), Client()
    owner.force_login(UserFactory.create())
    thief.cookies["sessionid"] = Session.objects.get().session_key
    assert owner.get("/settings").status_code == 200
    assert thief.get("/settings").status_code == 302


@pytest.mark.django_db
def test_passwords_are_argon2id() -> None:
    from config.settings.accounts import PASSWORD_HASHERS

    assert PASSWORD_HASHERS[0] == "accounts.hashers.Argon2id"
    assert UserFactory.create().password.startswith("argon2$argon2id$")
