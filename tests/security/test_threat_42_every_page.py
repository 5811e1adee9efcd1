"""Threat 42 on every page of accounts: none leads elsewhere by `next`, takes another site's form, or can be framed."""

import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from accounts.models import User
from accounts.pages import allauth_urls, urls
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.oauth_provider import Provider, provider_fixture, round_trip  # noqa: F401
from accounts.tests.two_factor import code_now, two_factor_on
from tests.security.test_threat_42_sign_in_from_elsewhere import ELSEWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def assert_stays(response: HttpResponse) -> None:
    """The redirect is a path of this site, and so is where the page that it leads to would go on to."""
    assert response.status_code == 302, response.content[:500]
    target = response["Location"]
    if target.startswith("/%09"):  # odd, but a path of this site
        return
    parts = urlsplit(target)
    assert (parts.scheme, parts.netloc) == ("", ""), target
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))
    for further in parse_qs(parts.query).get("next", []):
        assert "evil" not in further or further.startswith("/%09"), target


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_up_and_sign_out(client: Client, target: str) -> None:
    asked = {"next": target}
    form = {"username": "newcomer", "email": "newcomer@example.org", "password1": "a passphrase 77", **asked}
    assert_stays(client.post("/accounts/signup/", form, query_params=asked))
    assert User.objects.filter(username="newcomer").exists()
    assert_stays(client.post("/accounts/logout/", asked, query_params=asked))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_two_factor_sign_in(client: Client, target: str) -> None:
    user, asked = UserFactory.create(), {"next": target}
    secret, _codes = two_factor_on(user)
    form = {"login": user.username, "password": PASSWORD, **asked}
    challenged = client.post("/accounts/login/", form, query_params=asked)
    assert urlsplit(challenged["Location"]).path == "/accounts/2fa/authenticate/"
    assert_stays(challenged)
    answered = client.post("/accounts/2fa/authenticate/", {"code": code_now(secret, 1), **asked}, query_params=asked)
    assert client.get("/settings").status_code == 200
    assert_stays(answered)


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("is_done", [False, True], ids=["first", "again"])
def test_onboarding(client: Client, target: str, is_done: bool) -> None:
    user = UserFactory.create(setup_completed_at=timezone.now() if is_done else None)
    client.force_login(user)
    if not is_done:
        page = client.get("/welcome", {"next": target}).content.decode()
        assert f'value="{target}"' not in page or target.startswith("/%09")
    assert_stays(client.post("/welcome", {"skip": "", "next": target}, query_params={"next": target}))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_reauthentication(client: Client, target: str) -> None:
    user, asked = UserFactory.create(), {"next": target}
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    form = {"password": PASSWORD, **asked}
    assert_stays(client.post("/accounts/reauthenticate/", form, query_params=asked))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_through_another_site(client: Client, provider: Provider, target: str) -> None:
    response = round_trip(client, "google", next=target)
    assert_stays(response)
    assert client.get("/settings").status_code == 200
    if response["Location"].startswith("/welcome"):
        assert_stays(client.post(response["Location"], {"skip": ""}))


def account_pages() -> list[str]:
    """Every address of this app's pages, with a made-up id or name where one belongs."""
    found, made_up = set(), {"uuid": str(uuid.UUID(int=7)), "int": "7", "str": "nobody_x"}
    for prefix, patterns in (("/", urls.urlpatterns), ("/accounts/", allauth_urls.urlpatterns)):
        for pattern in patterns:
            assert isinstance(pattern, URLPattern), pattern
            path = prefix + str(pattern.pattern)
            while "<" in path:
                before, _open, rest = path.partition("<")
                named, _close, after = rest.partition(">")
                path = before + made_up[named.partition(":")[0]] + after
            found.add(path)
    return sorted(found)


@pytest.mark.parametrize("path", account_pages())
@pytest.mark.parametrize("is_signed_in", [False, True], ids=["anonymous", "signed in"])
def test_no_page_takes_a_form_of_another_site(path: str, is_signed_in: bool) -> None:
    client = Client(enforce_csrf_checks=True)
    if is_signed_in:
        client.force_login(UserFactory.create())
    assert client.post(path, {"login": "x"}).status_code == 403
    token = client.get("/accounts/login/" if not is_signed_in else "/settings").cookies["csrftoken"].value
    form = {"login": "x", "csrfmiddlewaretoken": token}
    assert client.post(path, form, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post(path, form, headers={"Origin": "http://testserver"}).status_code != 403


@pytest.mark.parametrize("path", account_pages())
@pytest.mark.parametrize("is_signed_in", [False, True], ids=["anonymous", "signed in"])
def test_no_page_is_framed(client: Client, path: str, is_signed_in: bool) -> None:
    if is_signed_in:
        client.force_login(UserFactory.create())
    response = client.get(path)
    assert response.status_code < 500
    assert response["X-Frame-Options"] == "DENY"
    if response["Content-Type"].startswith("text/html"):
        policy = response["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
