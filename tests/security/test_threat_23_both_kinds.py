"""Threats 22 and 23 where one person has sessions of both kinds: neither opens the other's door, and each ends by itself."""

import pytest
from django.test import Client

from accounts.models import SessionKind, User, UserSession
from accounts.services.sessions import session_start
from accounts.services.tokens import access_token_make
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def site(user: User) -> Client:
    browser = Client()
    assert browser.post("/accounts/login/", {"login": user.username, "password": PASSWORD}).status_code == 302
    return browser


def me(token: str) -> int:
    return Client().get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"}).status_code


def refresh(token: str) -> int:
    return Client().post("/api/v1/auth/refresh", headers={"Authorization": f"Bearer {token}"}).status_code


def test_what_a_browser_holds_is_no_token(site: Client) -> None:
    row = UserSession.objects.get()
    assert row.kind == SessionKind.SITE
    for held in (site.cookies["sessionid"].value, site.cookies["device"].value, str(row.pk)):
        assert me(held) == 401
        assert refresh(held) == 401
        thief = Client()
        thief.cookies["refresh_token"] = held
        assert thief.post("/api/v1/auth/refresh").status_code == 401


def test_what_an_app_holds_is_no_cookie(user: User) -> None:
    signed_in = session_start(user=user)
    for held in (signed_in.access_token, signed_in.refresh_token, str(signed_in.session.pk)):
        thief = Client()
        thief.cookies["sessionid"] = held
        assert thief.get("/settings").status_code == 302
        assert thief.get("/api/v1/auth/me").status_code == 401


def test_a_token_of_a_browsers_session_is_not_taken(site: Client) -> None:
    """Nobody makes such a token; should one ever be, it is not an app's."""
    assert me(access_token_make(UserSession.objects.get())) == 401


def test_a_replay_ends_the_apps_family_alone(user: User, site: Client) -> None:
    first = session_start(user=user)
    assert refresh(first.refresh_token) == 200
    assert refresh(first.refresh_token) == 401
    assert me(first.access_token) == 401
    assert site.get("/settings").status_code == 200
    assert UserSession.objects.get(kind=SessionKind.SITE).revoked_at is None


def test_the_end_of_a_browser_leaves_the_app(user: User, site: Client) -> None:
    signed_in = session_start(user=user)
    held = site.cookies["sessionid"].value
    assert site.post("/accounts/logout/").status_code == 302
    site.cookies["sessionid"] = held
    assert site.get("/settings").status_code == 302
    assert me(signed_in.access_token) == 200
    assert refresh(signed_in.refresh_token) == 200
