"""Threat 40: a dump of the database holds nothing that opens an account."""

import pytest
from django.db import connection
from django.test import Client

from accounts.services.two_factor import totp_setup
from accounts.tests.factories import PASSWORD as FACTORY_PASSWORD
from accounts.tests.factories import UserFactory
from accounts.tests.mails import code_in, link_in, mails_sent
from accounts.tests.two_factor import two_factor_on
from core.models import Job
from tests.permissions.snapshots import table_contents

PASSWORD = "correct horse battery 9"


def dump() -> str:
    """Every row of every table as text."""
    return repr(table_contents(sorted(connection.introspection.table_names())))


@pytest.mark.django_db
def test_a_dump_holds_no_live_secret(client: Client) -> None:
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
    before = dump()  # the mails wait
    sent = mails_sent()
    verify = next(mail for mail in sent if "/accounts/verify-email?code=" in mail.body)
    reset = next(mail for mail in sent if "/accounts/password/reset/key?token=" in mail.body)

    secrets = {
        "password": PASSWORD,
        "site session": site.cookies["sessionid"].value,
        "verification code": code_in(verify),
        "verification code as typed": code_in(verify).replace("-", ""),
        "reset token": link_in(reset).partition("token=")[2],
        "access token": refreshed["access_token"],
    }
    for name, pair in {"registered": registered, "signed in": signed_in, "refreshed": refreshed}.items():
        secrets[f"refresh token ({name})"] = pair["refresh_token"]
        secrets[f"random part ({name})"] = pair["refresh_token"].removeprefix("hrt_")
    text = dump()
    assert "careful@example.org" in text  # the dump is one
    assert all(len(secret) >= 10 for secret in secrets.values())
    assert [name for name, secret in secrets.items() if secret in text or secret in before] == []
    # Once it is sent, the row keeps neither the words nor the reader, sealed or not.
    payloads = [job.payload for job in Job.objects.filter(kind__startswith="accounts.mail")]
    assert {"template": "reset"} in payloads
    assert not any("sealed" in payload for payload in payloads)


@pytest.mark.django_db
def test_a_dump_holds_no_second_factor() -> None:
    user = UserFactory.create()
    secret, codes = two_factor_on(user)
    pending = totp_setup(user=UserFactory.create()).secret
    login = {"identifier": user.username, "password": FACTORY_PASSWORD, "client": "mobile"}
    challenge = Client().post("/api/v1/auth/login", login, content_type="application/json").json()["challenge_token"]
    answer = {"challenge_token": challenge, "code": codes[0], "client": "mobile"}
    body = Client().post("/api/v1/auth/2fa/verify-login", answer, content_type="application/json").json()
    secrets = [secret, pending, challenge, challenge.removeprefix("hct_"), body["device_token"], body["refresh_token"]]
    secrets += [spelt for code in codes for spelt in (code, code.replace("-", ""))]
    text = dump()
    assert user.email in text
    assert all(len(secret) >= 10 for secret in secrets)
    assert [secret for secret in secrets if secret in text] == []


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
