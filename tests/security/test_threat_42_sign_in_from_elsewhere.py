"""Threat 42: another site can neither sign somebody in, nor frame a page, nor borrow our redirect."""

import pytest
from django.test import Client

from accounts.models import UserSession
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "//evil.example",
    "https://evil.example/",
    "http:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    " //evil.example",
    "/%09//evil.example\t//evil",
    "///evil.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_in_goes_nowhere_else(client: Client, target: str) -> None:
    user = UserFactory.create()
    form = {"login": user.username, "password": PASSWORD, "next": target}
    response = client.post("/accounts/login/", form, query_params={"next": target})
    assert response.status_code == 302
    assert response["Location"] == "/" or response["Location"].startswith("/%09")


@pytest.mark.parametrize("target", ELSEWHERE[:4])
def test_sign_up_and_sign_out_go_nowhere_else(client: Client, target: str) -> None:
    form = {"username": "newcomer", "email": "newcomer@example.org", "password1": "a passphrase 77", "next": target}
    assert client.post("/accounts/signup/", form, query_params={"next": target})["Location"] == "/welcome"
    assert client.post("/accounts/logout/", {"next": target}, query_params={"next": target})["Location"] == "/"


def test_sign_in_goes_where_it_was_asked_on_this_site(client: Client) -> None:
    user = UserFactory.create()
    form = {"login": user.email, "password": PASSWORD, "next": "/settings"}
    assert client.post("/accounts/login/", form)["Location"] == "/settings"


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/logout/",
        "/accounts/2fa/webauthn/login/",
        "/settings",
        "/settings/security/two-factor/begin",
        "/settings/security/two-factor",
        "/settings/security/two-factor/off",
        "/settings/security/recovery-codes",
        "/admin/login/",
    ],
)
def test_forms_need_the_csrf_token(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory.create())
    assert client.post(path, {"login": "x", "password": "y"}).status_code == 403


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/admin/login/"])
def test_pages_are_not_framed(client: Client, path: str) -> None:
    response = client.get(path)
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:8443"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
def test_the_api_signs_nobody_in_from_elsewhere(client: Client, headers: dict[str, str], content_type: str) -> None:
    """A form of another site can send JSON as text/plain; its Origin gives it away."""
    user = UserFactory.create()
    body = f'{{"identifier": "{user.username}", "password": "{PASSWORD}"}}'
    response = client.post("/api/v1/auth/login", body, content_type=content_type, headers=headers)
    assert (response.status_code, response.json()["error"]) == (403, "cross_site_request")
    assert "refresh_token" not in response.cookies
    assert not UserSession.objects.exists()


def test_the_refresh_cookie_is_not_spent_from_elsewhere(client: Client) -> None:
    user = UserFactory.create()
    body = {"identifier": user.username, "password": PASSWORD, "client": "web"}
    client.post("/api/v1/auth/login", body, content_type="application/json")
    assert client.post("/api/v1/auth/refresh", headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/api/v1/auth/refresh", headers={"Origin": "http://testserver"}).status_code == 200


def test_the_api_with_a_site_session_needs_the_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory.create())
    assert client.post("/api/v1/auth/logout").status_code == 403
    assert client.get("/api/v1/auth/me").status_code == 200
