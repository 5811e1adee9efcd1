"""Apps: the deep link's code, its exchange, and the legacy way with tokens in the address."""

import threading
import time

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.errors import AccountInactive
from accounts.models import OAuthGrant, SignInChallenge, TotpDevice, User, UserSession
from accounts.oauth.errors import InvalidGrant
from accounts.services.oauth import challenge_of, grant_issue, grant_redeem, grants_trim
from accounts.tests.api.test_oauth import APP, identity
from accounts.tests.factories import UserFactory
from accounts.tests.oauth_provider import (
    Provider,
    answer_of,
    begin,
    come_back,
    consent,
    pkce,
    provider_fixture,  # noqa: F401
    round_trip,
)
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


def exchange(browser: Client, code: str, verifier: str, **more: str):
    body = {"code": code, "code_verifier": verifier, **more}
    return browser.post("/api/v1/auth/oauth/token", body, content_type="application/json")


def app_trip(client: Client, name: str, **query: str) -> tuple[str, str]:
    """The code and the verifier after a round trip of an app."""
    verifier, challenge = pkce()
    response = round_trip(client, name, mobile_redirect=APP, code_challenge=challenge, **query)
    address, said = answer_of(response)
    assert address == APP
    assert set(said) == {"code"}
    assert response["Cache-Control"] == "no-store"
    return said["code"], verifier


def test_a_newcomer_signs_in_an_app(client: Client, provider: Provider) -> None:
    code, verifier = app_trip(client, "google", code_challenge_method="S256")
    assert "sessionid" not in client.cookies or client.get("/api/v1/auth/me").status_code == 401
    phone = Client()
    with assert_queries("accounts/POST auth/oauth/token"):
        response = exchange(phone, code, verifier)
    assert response.status_code == 200, response.content
    body = response.json()
    assert {"access_token", "refresh_token", "expires_in", "user"} <= body.keys()
    assert "refresh_token" not in response.cookies
    bearer = {"Authorization": f"Bearer {body['access_token']}"}
    assert phone.get("/api/v1/auth/me", headers=bearer).json()["email"] == "fan@gmail.com"
    assert [session.kind for session in UserSession.objects.all()] == ["api"]


def test_the_code_works_once_and_only_its_hash_is_stored(client: Client, provider: Provider) -> None:
    code, verifier = app_trip(client, "google")
    assert code not in str(list(OAuthGrant.objects.values()))
    assert exchange(client, code, verifier).status_code == 200
    again = exchange(client, code, verifier)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_the_code_is_worth_nothing_without_the_verifier(client: Client, provider: Provider) -> None:
    code, verifier = app_trip(client, "google")
    assert exchange(client, code, pkce()[0]).json()["error"] == "invalid_grant"
    assert exchange(client, code, verifier).json()["error"] == "invalid_grant"  # guessing spent it
    assert not UserSession.objects.exists()


def test_the_code_lives_for_sixty_seconds(client: Client, provider: Provider) -> None:
    code, verifier = app_trip(client, "google")
    with time_machine.travel(time.time() + 61):
        assert exchange(client, code, verifier).json()["error"] == "invalid_grant"
        assert grants_trim() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "code"),
        ({"code": "x" * 101, "code_verifier": "v" * 43}, "code"),
        ({"code": "x", "code_verifier": "short"}, "code_verifier"),
        ({"code": "x", "code_verifier": "v" * 129}, "code_verifier"),
        ({"code": "x", "code_verifier": "v" * 43, "client": "toaster"}, "client"),
    ],
)
def test_bad_bodies(client: Client, db: None, body: dict[str, str], field: str) -> None:
    response = client.post("/api/v1/auth/oauth/token", body, content_type="application/json")
    assert response.status_code == 422
    assert field in response.json()["fields"]


@pytest.mark.parametrize("verifier", ["é" * 43, "v" * 42 + " ", "v" * 42 + "\x00"])
def test_odd_verifiers_are_refused(client: Client, db: None, verifier: str) -> None:
    assert exchange(client, "hoc_x", verifier).status_code in (400, 422)
    code = grant_issue(user=UserFactory.create(), code_challenge="c" * 43, redirect_uri=APP)
    with pytest.raises(InvalidGrant):
        grant_redeem(code=code, code_verifier=verifier)


def test_a_suspension_in_between_counts(db: None) -> None:
    user = UserFactory.create()
    verifier, challenge = pkce()
    code = grant_issue(user=user, code_challenge=challenge, redirect_uri=APP)
    User.objects.update(is_active=False)
    with pytest.raises(AccountInactive):
        grant_redeem(code=code, code_verifier=verifier)
    user.is_active = False
    with pytest.raises(AccountInactive):
        grant_issue(user=user, code_challenge=challenge, redirect_uri=APP)


def test_two_factor_is_asked_at_the_exchange(client: Client, provider: Provider) -> None:
    user = UserFactory.create()
    TotpDevice.objects.create(user=user, secret="sealed", confirmed_at=timezone.now())
    identity(user, "google", provider)
    code, verifier = app_trip(client, "google")
    body = exchange(client, code, verifier).json()
    assert body["requires_2fa"] is True
    assert body["challenge_token"].startswith("hct_")
    assert "access_token" not in body
    assert not UserSession.objects.exists()


def test_a_browser_that_exchanges_gets_the_cookie_when_it_says_web(client: Client, provider: Provider) -> None:
    code, verifier = app_trip(client, "google")
    response = exchange(client, code, verifier, client="web")
    assert "refresh_token" not in response.json()
    assert response.cookies["refresh_token"]["httponly"]


def test_the_exchange_is_closed_to_other_sites(client: Client, db: None) -> None:
    body = '{"code": "x", "code_verifier": "' + "v" * 43 + '"}'
    response = client.post(
        "/api/v1/auth/oauth/token", body, content_type="application/json", headers={"Origin": "https://evil.example"}
    )
    assert response.json()["error"] == "cross_site_request"


def test_an_app_whose_person_needs_an_address_asks_in_the_browser(client: Client, provider: Provider) -> None:
    """Shikimori gives none: the page asks for one and leads into the app, and the browser is not signed in."""
    verifier, challenge = pkce()
    response = round_trip(client, "shikimori", mobile_redirect=APP, code_challenge=challenge)
    assert response["Location"] == "/accounts/3rdparty/signup/"
    page = client.post("/accounts/3rdparty/signup/", {"email": "morr@example.org"})
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "no-referrer"
    link = page.context["deep_link"]
    assert link.startswith(f"{APP}?code=hoc_")
    assert f'content="0;url={link}"'.encode() in page.content
    assert client.get("/api/v1/auth/me").status_code == 401
    body = exchange(Client(), link.partition("code=")[2], verifier).json()
    assert body["user"]["username"] == "morr_fan"


def test_an_address_in_use_is_told_to_the_app(client: Client, provider: Provider) -> None:
    UserFactory.create(email="fan@gmail.com")
    _verifier, challenge = pkce()
    response = round_trip(client, "google", mobile_redirect=APP, code_challenge=challenge)
    assert answer_of(response) == (APP, {"error": "email_in_use"})


def test_a_failing_provider_is_told_to_the_app(client: Client, provider: Provider) -> None:
    provider.broken["google", "token"] = (500, "text/plain", b"")
    _verifier, challenge = pkce()
    response = round_trip(client, "google", mobile_redirect=APP, code_challenge=challenge)
    assert answer_of(response) == (APP, {"error": "provider_failed"})


def test_the_browsers_own_sign_in_stays_as_it_is(client: Client, provider: Provider) -> None:
    bystander = UserFactory.create()
    client.force_login(bystander)
    app_trip(client, "google")
    assert client.get("/api/v1/auth/me").json()["username"] == bystander.username


def test_the_legacy_way_puts_tokens_into_the_address(
    client: Client, provider: Provider, settings: LazySettings
) -> None:
    settings.OAUTH_TOKENS_IN_URL = True
    address, said = answer_of(round_trip(client, "google", mobile_redirect=APP))
    assert address == APP
    assert set(said) == {"access_token", "refresh_token"}
    bearer = {"Authorization": f"Bearer {said['access_token']}"}
    assert Client().get("/api/v1/auth/me", headers=bearer).status_code == 200
    code, verifier = app_trip(client, "google")  # who sends a challenge still gets a code
    assert exchange(client, code, verifier).status_code == 200
    TotpDevice.objects.create(user=User.objects.get(), secret="sealed", confirmed_at=timezone.now())
    _address, said = answer_of(round_trip(client, "google", mobile_redirect=APP))
    assert said["requires_2fa"] == "1"
    assert set(said) == {"requires_2fa", "challenge_token"}
    assert SignInChallenge.objects.count() == 1


def test_the_legacy_way_switched_off_in_between(client: Client, provider: Provider, settings: LazySettings) -> None:
    settings.OAUTH_TOKENS_IN_URL = True
    location = consent(begin(client, "google", mobile_redirect=APP))
    settings.OAUTH_TOKENS_IN_URL = False
    assert answer_of(come_back(client, location)) == (APP, {"error": "pkce_required"})


def test_s256_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.django_db(transaction=True)
def test_one_of_parallel_exchanges_wins() -> None:
    verifier, challenge = pkce()
    code = grant_issue(user=UserFactory.create(), code_challenge=challenge, redirect_uri=APP)
    barrier, won, lost = threading.Barrier(8), [], []

    def use() -> None:
        barrier.wait()
        try:
            won.append(grant_redeem(code=code, code_verifier=verifier))
        except InvalidGrant:
            lost.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 7)
