"""Threat 29: a sign-in through another site answers nobody but the app or the site that began it."""

import runpy
import urllib.error
import urllib.request

import pytest
from django.conf import LazySettings
from django.core.exceptions import DisallowedRedirect, ImproperlyConfigured
from django.test import Client

from accounts.models import OAuthGrant, User, UserSession
from accounts.oauth.deep_links import DeepLink, redirect_check
from accounts.oauth.errors import RedirectNotAllowed
from accounts.tests.oauth_provider import (
    Provider,
    answer_of,
    pkce,
    provider_fixture,  # noqa: F401
    round_trip,
)

pytestmark = pytest.mark.django_db

APP = "anilay://auth/callback"
TRICKS = [
    "https://good@evil",
    "https://evil.example/",
    "http://127.0.0.1/",
    "javascript:alert(1)",
    "javascript://anilay/%0aalert(1)",
    "data:text/html,x",
    "//evil.example",
    "/settings",
    "anilay",
    "anilay:",
    "anilay:auth",
    "anilay:/auth",
    "://auth",
    "ANILAY://auth",
    "Anilay://auth",
    "anilayx://auth",
    "xanilay://auth",
    "anilay.evil://auth",
    "anilay+https://evil.example",
    "https+anilay://auth",
    "https://evil.example/?x=anilay://auth",
    "anilay://user@evil.example",
    "anilay://good:pass@evil",
    "anilay://auth:443/",
    "anilay://auth?code=mine",
    "anilay://auth#fragment",
    "anilay://auth/%0d%0aLocation: x",
    "anilay://auth\r\nLocation: https://evil.example",
    "anilay://auth\n",
    "anilay://auth\t",
    " anilay://auth",
    "anilay://auth ",
    "\x00anilay://auth",
    "anilay://auth\x00",
    "anilay://auth\\evil",
    "anilay://ａuth",
    "anılay://auth",
    "anilay://" + "a" * 500,
    "",
]


@pytest.mark.parametrize("target", TRICKS, ids=range(len(TRICKS)))
def test_nothing_but_the_apps_own_scheme(client: Client, provider: Provider, target: str) -> None:
    query = {"mobile_redirect": target, "code_challenge": pkce()[1]}
    response = client.get("/api/v1/auth/oauth/google", query_params=query)
    assert (response.status_code, response.json()["error"]) == (400, "redirect_not_allowed")
    assert not client.session.get("socialaccount_states")


@pytest.mark.parametrize("target", [APP, "anilay://", "anilay://auth", "anilay://a/b-c_d.e~f"])
def test_plain_addresses_of_the_app(target: str) -> None:
    assert redirect_check(target) == target


def test_the_operator_chooses_the_schemes(settings: LazySettings) -> None:
    settings.OAUTH_MOBILE_SCHEMES = ["org.example.app"]
    assert redirect_check("org.example.app://auth")
    with pytest.raises(RedirectNotAllowed):
        redirect_check(APP)
    with pytest.raises(RedirectNotAllowed):
        redirect_check("orgxexample.app://auth")


@pytest.mark.parametrize("scheme", ["https", "javascript", "data", "Anilay", "a:b", "", "anilay://"])
def test_schemes_that_are_no_apps_do_not_start(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTH_MOBILE_SCHEMES", f"anilay,{scheme}" if scheme else "anilay, ")
    with pytest.raises(ImproperlyConfigured):
        runpy.run_path("config/settings/oauth.py")


@pytest.mark.parametrize(
    "base",
    [
        "google=http://evil.example",
        "nobody=https://example.org",
        "google=ftp://x",
        "google=https://",
        "google=https://a?b",
    ],
)
def test_provider_addresses_that_are_none_do_not_start(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTH_PROVIDER_BASE", base)
    with pytest.raises(ImproperlyConfigured):
        runpy.run_path("config/settings/oauth.py")


@pytest.mark.parametrize(
    ("challenge", "method"),
    [
        ("", ""),
        ("", "S256"),
        ("x" * 42, "S256"),
        ("x" * 44, "S256"),
        ("x" * 128, "S256"),
        ("x" * 42 + "=", "S256"),
        ("x" * 42 + "\n", ""),
        ("é" * 43, ""),
        ("x" * 43, "plain"),
        ("x" * 43, "s256"),
        ("x" * 43, "none"),
    ],
)
def test_an_app_needs_pkce(client: Client, provider: Provider, challenge: str, method: str) -> None:
    query = {"mobile_redirect": APP, "code_challenge": challenge, "code_challenge_method": method}
    response = client.get("/api/v1/auth/oauth/google", query_params=query)
    assert (response.status_code, response.json()["error"]) == (400, "pkce_required")


def test_the_legacy_way_takes_no_broken_challenge(client: Client, provider: Provider, settings: LazySettings) -> None:
    settings.OAUTH_TOKENS_IN_URL = True
    for query in ({"code_challenge": "x" * 42}, {"code_challenge_method": "plain"}):
        assert client.get("/api/v1/auth/oauth/google", {"mobile_redirect": APP, **query}).status_code == 400
    assert client.get("/api/v1/auth/oauth/google", {"mobile_redirect": "https://evil.example"}).status_code == 400


def test_no_token_in_an_address_and_none_in_the_state(client: Client, provider: Provider) -> None:
    _verifier, challenge = pkce()
    response = round_trip(client, "google", mobile_redirect=APP, code_challenge=challenge)
    address, said = answer_of(response)
    assert (address, set(said)) == (APP, {"code"})
    assert not UserSession.objects.exists()
    assert said["code"] not in str(list(OAuthGrant.objects.values()))
    web = round_trip(Client(), "google")
    assert "?" not in web["Location"] or "token" not in web["Location"]
    assert all("token" not in entry for asked in provider.asked for entry in asked)


def test_the_redirect_uri_is_the_registered_one_letter_by_letter(client: Client, provider: Provider) -> None:
    """A forged Host header does not move it: the provider knows one address only, and refuses."""
    url = client.get("/api/v1/auth/oauth/google", headers={"Host": "evil.example"})["Location"]
    assert "redirect_uri=http%3A%2F%2Fevil.example" in url
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(url)
    assert provider.refusals == ["authorize: ['redirect_uri']"]


def test_a_deep_link_cannot_be_made_of_anything_else() -> None:
    for target in ("https://evil.example", "javascript:alert(1)"):
        with pytest.raises(DisallowedRedirect):
            DeepLink(target)
    assert not User.objects.exists()
