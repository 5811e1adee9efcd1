"""Pages for e-mail addresses and passwords."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from accounts.models import User, UserSession
from accounts.services.sessions import session_start
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.mails import code_in, link_in, mails_sent
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

NEW = {"username": "Newcomer_1", "email": "New.Comer@Example.org", "password1": "a passphrase 77"}
NEXT = "a passphrase 78"


def path_of(link: str) -> str:
    """The path and query of a mailed link."""
    return "/" + link.split("/", 3)[3]


@pytest.fixture
def person(client: Client) -> User:
    """Somebody who is signed in with `client`."""
    user = UserFactory.create(username="person")
    client.force_login(user)
    return user


def test_opening_the_mailed_link_changes_nothing_and_the_click_verifies(client: Client) -> None:
    client.post("/accounts/signup/", NEW)
    (message,) = mails_sent()
    page = client.get(path_of(link_in(message)))
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert code_in(message).encode() in page.content
    assert not User.objects.get().is_verified
    answer = client.post("/accounts/verify-email", {"code": code_in(message)})
    assert (answer.status_code, answer["Location"]) == (302, "/settings/account")
    assert User.objects.get().is_verified
    again = Client().post("/accounts/verify-email", {"code": code_in(message)})
    assert again.status_code == 422
    assert list(again.context["form"].errors) == ["code"]


def test_the_site_and_the_api_share_a_limit(client: Client) -> None:
    for n in range(5):
        path = "/accounts/verify-email" if n % 2 else "/api/v1/auth/verify-email"
        assert client.post(path, {"code": "AAAAA-AAAAA"}).status_code in (422, 415)
    answer = client.post("/accounts/verify-email", {"code": "AAAAA-AAAAA"})
    assert answer.status_code == 429
    assert answer.context["form"].non_field_errors()


def test_the_account_page_says_where_the_address_stands(client: Client, person: User) -> None:
    with assert_queries("accounts/GET settings/account"):
        page = client.get("/settings/account")
    assert b"Not confirmed" in page.content
    assert client.post("/settings/account/resend").status_code == 302
    assert mails_sent()[0].to == [person.email]
    client.post("/accounts/verify-email", {"code": code_in(mails_sent()[0])})
    page = client.get("/settings/account")
    assert b"Not confirmed" not in page.content
    assert client.get("/settings/account/resend").status_code == 302


def test_the_address_is_changed_with_the_code_that_goes_to_the_new_one(client: Client, person: User) -> None:
    form = {"email": "New@Example.org", "password": PASSWORD}
    answer = client.post("/settings/account/email", form)
    assert (answer.status_code, answer["Location"]) == (302, "/settings/account/confirm")
    assert b"new@example.org" in client.get("/settings/account").content
    (message,) = mails_sent()
    page = client.get(path_of(link_in(message)))
    assert code_in(message).encode() in page.content
    assert User.objects.get().email == person.email
    wrong = client.post("/settings/account/confirm", {"code": "AAAAA-AAAAA"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["code"])
    answer = client.post("/settings/account/confirm", {"code": code_in(message)})
    assert (answer.status_code, answer["Location"]) == (302, "/settings/account")
    assert User.objects.get().email == "new@example.org"
    assert mails_sent()[-1].to == [person.email]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"email": "taken@example.org", "password": PASSWORD}, "email"),
        ({"email": "nonsense", "password": PASSWORD}, "email"),
        ({"email": "new@example.org", "password": "wrong"}, "password"),
    ],
)
def test_another_address_is_refused_in_the_form(client: Client, person: User, form: dict[str, str], field: str) -> None:
    UserFactory.create(email="taken@example.org")
    answer = client.post("/settings/account/email", form)
    assert (answer.status_code, list(answer.context["change_form"].errors)) == (422, [field])


def test_who_has_no_password_is_sent_to_set_one(client: Client) -> None:
    client.force_login(UserFactory.create(password=None))
    page = client.get("/settings/account").content
    assert b"Set a password" in page
    assert b'name="password"' not in page
    refused = client.post("/settings/account/email", {"email": "new@example.org", "password": "x"})
    assert refused.status_code == 422


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client: Client, person: User) -> None:
    signed_in = session_start(user=person)
    other = Client()
    other.force_login(person)
    key = client.cookies["sessionid"].value
    answer = client.post("/settings/password", {"current_password": PASSWORD, "password": NEXT})
    assert (answer.status_code, answer["Location"]) == (302, "/settings/account")
    assert client.get("/settings").status_code == 200
    assert client.cookies["sessionid"].value != key
    assert other.get("/settings").status_code == 302
    assert UserSession.objects.get(pk=signed_in.session.pk).revoke_reason == "password"
    assert UserSession.objects.filter(revoked_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"current_password": "wrong", "password": NEXT}, "current_password"),
        ({"current_password": PASSWORD, "password": "short"}, "password"),
        ({"current_password": PASSWORD, "password": "PERSON@example.org"}, "password"),
        ({"current_password": PASSWORD, "password": "x" * 257}, "password"),
    ],
)
def test_a_new_password_is_refused_in_the_form(client: Client, person: User, form: dict[str, str], field: str) -> None:
    answer = client.post("/settings/password", form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_the_first_password(client: Client) -> None:
    user = UserFactory.create(password=None)
    client.force_login(user)
    assert client.post("/settings/password", {"confirm_email": "x@example.org", "password": NEXT}).status_code == 422
    assert client.post("/settings/password", {"confirm_email": user.email, "password": NEXT}).status_code == 302
    assert client.get("/settings").status_code == 200
    user.refresh_from_db()
    assert user.check_password(NEXT)


def test_a_lock_out_is_said_in_the_form(client: Client, person: User) -> None:
    for _ in range(10):
        client.post("/settings/password", {"current_password": "wrong", "password": NEXT})
    answer = client.post("/settings/password", {"current_password": PASSWORD, "password": NEXT})
    assert answer.status_code == 429
    assert answer.context["form"].non_field_errors()


def test_a_forgotten_password_is_reset_by_the_mailed_link(client: Client, person: User) -> None:
    stranger = Client()
    answer = stranger.post("/accounts/password/reset/", {"email": person.email})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/reset/done/")
    assert stranger.get(answer["Location"]).status_code == 200
    (message,) = mails_sent()
    token = link_in(message).partition("token=")[2]
    page = stranger.get(path_of(link_in(message)))
    assert page["Referrer-Policy"] == "same-origin"
    assert token.encode() in page.content
    refused = stranger.post("/accounts/password/reset/key", {"token": token, "password": "password1"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["password"])
    answer = stranger.post("/accounts/password/reset/key", {"token": token, "password": NEXT})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/reset/key/done/")
    assert stranger.get(answer["Location"]).status_code == 200
    assert client.get("/settings").status_code == 302
    assert stranger.get("/settings").status_code == 302
    over = stranger.get(path_of(link_in(message)))
    assert b"used already" in over.content
    assert b'name="password"' not in over.content


def test_the_third_link_within_five_minutes_is_refused_in_the_form(client: Client) -> None:
    statuses = [client.post("/accounts/password/reset/", {"email": f"n{n}@example.org"}).status_code for n in range(3)]
    assert statuses == [302, 302, 429]
    cache.clear()
    assert client.post("/accounts/password/reset/", {"email": "nonsense"}).status_code == 422


@pytest.mark.parametrize("public_url", ["https://anime.example.org", ""])
def test_mails_point_at_the_operators_address(client: Client, settings: LazySettings, public_url: str) -> None:
    """A stranger's Host header does not choose where a reset link leads."""
    user = UserFactory.create()
    settings.PUBLIC_URL = public_url
    client.post("/accounts/password/reset/", {"email": user.email}, headers={"Host": "evil.example"})
    (message,) = mails_sent()
    parts: list[Any] = [message.subject, message.body, message.alternatives[0].content, str(message.message())]
    assert link_in(message).startswith((public_url or settings.LINK_BASE) + "/accounts/password/reset/key?token=")
    assert not any("evil.example" in part for part in parts)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/accounts/email/", "/settings/account"),
        ("/accounts/confirm-email/", "/accounts/verify-email"),
        ("/.well-known/change-password", "/settings/password"),
    ],
)
def test_old_addresses_lead_on(client: Client, old: str, new: str) -> None:
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (302, new)
