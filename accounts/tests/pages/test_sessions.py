"""The settings page of sessions."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User, UserSession
from accounts.services.sessions import session_start, site_session_start
from accounts.tests.factories import UserFactory
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
PAGE = "/settings/sessions"


@pytest.fixture
def user(client: Client) -> User:
    user = UserFactory.create()
    client.force_login(user)
    return user


def test_this_one_first_then_the_others(client: Client, user: User) -> None:
    session_start(user=user, device="anilay/1.0 okhttp Android", address="192.0.2.7")
    UserSession.objects.filter(kind="site").update(last_seen_at=timezone.now() - timedelta(seconds=30))
    with assert_queries("accounts/GET settings/sessions"):
        text = client.get(PAGE).content.decode()
    assert text.index("This one") < text.index("App on Android")
    assert "192.0.2.7" in text
    assert "Sign out everywhere else (1)" in text


def test_the_number_of_queries_does_not_grow(client: Client, user: User) -> None:
    for _ in range(6):
        session_start(user=user)
    with assert_queries("accounts/GET settings/sessions"):
        assert client.get(PAGE).content.count(b'class="session"') == 6


def test_ending_one(client: Client, user: User) -> None:
    other = site_session_start(user=user, device="Firefox/131.0 X11; Linux")
    page = client.post(f"{PAGE}/{other.pk}/revoke", follow=True)
    assert page.redirect_chain == [(PAGE, 302)]
    assert "Firefox on Linux is signed out." in page.content.decode()
    assert "You are signed in nowhere else." in page.content.decode()


def test_ending_this_one_signs_out(client: Client, user: User) -> None:
    response = client.post(f"{PAGE}/{UserSession.objects.get().pk}/revoke")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert client.get(PAGE).status_code == 302
    assert UserSession.objects.get().revoke_reason == "signed_out"


def test_ending_the_others(client: Client, user: User) -> None:
    for _ in range(2):
        session_start(user=user)
    theirs = session_start(user=UserFactory.create()).session
    page = client.post(f"{PAGE}/revoke", follow=True)
    assert "2 sessions are over" in page.content.decode()
    assert list(UserSession.objects.filter(revoked_at=None).values_list("user", "kind").order_by("kind")) == [
        (theirs.user_id, "api"),
        (user.pk, "site"),
    ]


def test_anothers_and_nobodys_are_404(client: Client, user: User) -> None:
    theirs = session_start(user=UserFactory.create()).session
    for name in (theirs.pk, uuid.uuid4(), "1"):
        assert client.post(f"{PAGE}/{name}/revoke").status_code == 404
    assert UserSession.objects.filter(revoked_at=None).count() == 2


def test_ends_need_a_form(client: Client, user: User) -> None:
    session = UserSession.objects.get()
    assert client.get(f"{PAGE}/revoke")["Location"] == PAGE
    assert client.get(f"{PAGE}/{session.pk}/revoke")["Location"] == PAGE
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    assert checked.post(f"{PAGE}/{session.pk}/revoke").status_code == 403


def test_what_clients_call_themselves_is_escaped(client: Client, user: User) -> None:
    session_start(user=user, device='"><script>alert(1)</script>')
    assert b"<script>alert" not in client.get(PAGE).content
