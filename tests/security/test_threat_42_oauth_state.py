"""Threat 42 for sign-ins through other sites: what comes back belongs to the browser that went, once."""

import threading
import time

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts.models import User, UserSession
from accounts.tests.factories import UserFactory
from accounts.tests.oauth_provider import (
    Provider,
    begin,
    come_back,
    consent,
    pkce,
    provider_fixture,  # noqa: F401
)

pytestmark = pytest.mark.django_db


def assert_refused(response: HttpResponse) -> None:
    assert (response.status_code, response.json()["error"]) == (400, "oauth_state_invalid")
    assert not User.objects.filter(email="fan@gmail.com").exists()
    assert not SocialAccount.objects.exists()


def test_another_browser(client: Client, provider: Provider) -> None:
    """The attacker's own code in the victim's browser signs the victim in as nobody."""
    location = consent(begin(client, "google"))
    victim = Client()
    assert_refused(come_back(victim, location))
    victim.force_login(UserFactory.create())
    sessions = UserSession.objects.count()
    assert_refused(come_back(victim, location))
    assert victim.get("/api/v1/auth/me").status_code == 200
    assert UserSession.objects.count() == sessions
    assert provider.tokens == {}  # the code was not even exchanged


def test_no_state_and_a_wrong_one(client: Client, provider: Provider) -> None:
    location = consent(begin(client, "google"))
    assert_refused(come_back(client, location.replace("state=", "stat=")))
    assert_refused(come_back(client, location.replace("state=", "state=x")))
    assert_refused(client.get("/api/v1/auth/oauth/google/callback"))
    assert_refused(client.get("/api/v1/auth/oauth/google/callback?error=access_denied"))
    assert_refused(client.get("/api/v1/auth/oauth/google/callback?code=x&state=%00"))


def test_a_state_works_once(client: Client, provider: Provider) -> None:
    location = consent(begin(client, "google"))
    assert come_back(client, location).status_code == 302
    people = User.objects.count()
    again = come_back(client, location)
    assert (again.status_code, again.json()["error"]) == (400, "oauth_state_invalid")
    assert User.objects.count() == people
    assert client.get("/api/v1/auth/me").status_code == 200


def test_a_state_is_of_one_provider(client: Client, provider: Provider) -> None:
    location = consent(begin(client, "google"))
    assert_refused(come_back(client, location.replace("/google/", "/discord/")))


def test_a_state_ends_after_ten_minutes(client: Client, provider: Provider) -> None:
    location = consent(begin(client, "google"))
    with time_machine.travel(time.time() + 601):
        assert_refused(come_back(client, location))


def test_a_person_gets_a_page_and_no_words_of_the_address(client: Client, provider: Provider) -> None:
    path = "/api/v1/auth/oauth/google/callback?error=<script>alert(1)</script>&error_description=<b>x</b>"
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert b"<script>alert(1)" not in page.content
    assert b"not started in this browser" in page.content
    assert page["X-Frame-Options"] == "DENY"
    assert "no-store" in page["Cache-Control"]


def test_an_error_with_a_good_state_says_little(client: Client, provider: Provider) -> None:
    location = consent(begin(client, "google"))
    response = come_back(client, location.replace("code=", "error=<b>server_error</b>&x="))
    assert (response.status_code, response.json()["error"]) == (502, "provider_failed")
    assert "<b>" not in response.content.decode()


def test_states_of_a_browser_are_few(client: Client, provider: Provider) -> None:
    for _ in range(20):
        begin(client, "google")
    assert len(client.session["socialaccount_states"]) <= 11


def test_an_apps_state_in_another_browser_gives_no_code(client: Client, provider: Provider) -> None:
    location = consent(begin(client, "google", mobile_redirect="anilay://auth/callback", code_challenge=pkce()[1]))
    assert_refused(come_back(Client(), location))


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_sends_nobody_to_sign_in(client: Client, provider: Provider, site: str) -> None:
    """Signed in to the attacker's account elsewhere, the victim would be signed in to it here: it takes a click of theirs."""
    path = "/api/v1/auth/oauth/google?next=/settings"
    headers = {"Sec-Fetch-Site": site, "Referer": "https://evil.example/page"}
    asked = client.get(path, headers=headers)
    assert asked.status_code == 200
    assert f'href="{path}"'.encode() in asked.content
    assert "socialaccount_states" not in client.session
    for own in ("same-origin", "none"):
        assert client.get(path, headers={"Sec-Fetch-Site": own}).status_code == 302


def test_a_trusted_site_may(client: Client, provider: Provider, settings: LazySettings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.org"]
    headers = {"Sec-Fetch-Site": "cross-site", "Referer": "https://app.example.org/"}
    assert client.get("/api/v1/auth/oauth/google", headers=headers).status_code == 302
    headers["Referer"] = "https://app.example.org.evil.example/"
    assert client.get("/api/v1/auth/oauth/google", headers=headers).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_one_answer_of_the_provider_in_parallel(client: Client, provider: Provider) -> None:
    """The state may be read by both before either took it away; the provider's code is good for one of them."""
    location = consent(begin(client, "google"))
    barrier, found = threading.Barrier(2), []

    def use() -> None:
        browser = Client()
        browser.cookies["sessionid"] = client.cookies["sessionid"].value
        barrier.wait()
        try:
            found.append(come_back(browser, location).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found)[0] == 302
    assert sorted(found)[1] in (400, 502)
    assert User.objects.count() == SocialAccount.objects.count() == UserSession.objects.count() == 1
