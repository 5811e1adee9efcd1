"""Threat 26: whoever reads a person's mail changes the password, and is asked for the second factor all the same."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User, UserSession
from accounts.selectors.two_factor import is_two_factor_on, recovery_codes_left
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.mails import link_in, mails_sent
from accounts.tests.two_factor import code_now, two_factor_on

pytestmark = pytest.mark.django_db

NEW = "a passphrase of the thief 7"
CHALLENGE = "/accounts/2fa/authenticate/"


def post(name: str, body: dict[str, str]) -> Any:
    return Client().post(f"/api/v1/auth/{name}", body, content_type="application/json")


def reset_over_the_api(user: User) -> None:
    assert post("forgot-password", {"email": user.email}).status_code == 200
    token = parse_qs(urlsplit(link_in(mails_sent()[-1])).query)["token"][0]
    answer = post("reset-password", {"token": token, "password": NEW})
    assert answer.status_code == 200
    assert not answer.cookies
    assert "access_token" not in answer.json()


def reset_on_the_site(user: User) -> None:
    thief = Client()
    thief.post("/accounts/password/reset/", {"email": user.email})
    link = urlsplit(link_in(mails_sent()[-1]))
    page = thief.get(f"{link.path}?{link.query}")
    assert page.status_code == 200
    form = {"token": parse_qs(link.query)["token"][0], "password": NEW}
    assert thief.post(link.path, form).status_code == 302
    assert thief.get("/settings/security").status_code == 302


@pytest.fixture(params=[reset_over_the_api, reset_on_the_site])
def reset(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_the_new_password_is_still_only_the_first_factor(reset: Any) -> None:
    user = UserFactory.create()
    secret, _ = two_factor_on(user)
    reset(user)
    assert is_two_factor_on(user)
    assert recovery_codes_left(user) == 10

    answer = post("login", {"identifier": user.username, "password": NEW})
    assert answer.json()["requires_2fa"] is True
    assert "access_token" not in answer.json()
    assert not answer.cookies
    site = Client()
    assert site.post("/accounts/login/", {"login": user.email, "password": NEW})["Location"] == CHALLENGE
    assert site.get("/settings/security").status_code == 302
    assert not UserSession.objects.filter(revoked_at__isnull=True).exists()

    owner = {"challenge_token": answer.json()["challenge_token"], "code": code_now(secret, ahead=1)}
    assert post("2fa/verify-login", owner).status_code == 200


def test_what_began_by_the_old_password_is_over(reset: Any) -> None:
    """The owner resets because somebody knows the password: that somebody's open question must not outlive it."""
    user = UserFactory.create()
    _, codes = two_factor_on(user)
    thief = Client()
    assert thief.post("/accounts/login/", {"login": user.username, "password": PASSWORD})["Location"] == CHALLENGE
    token = post("login", {"identifier": user.username, "password": PASSWORD}).json()["challenge_token"]
    cache.clear()
    reset(user)
    over = post("2fa/verify-login", {"challenge_token": token, "code": codes[0]})
    assert (over.status_code, over.json()["error"]) == (401, "invalid_challenge")
    assert thief.post(CHALLENGE, {"code": codes[1]})["Location"] == "/accounts/login/"
    assert thief.get("/settings/security").status_code == 302
    assert not UserSession.objects.filter(revoked_at__isnull=True).exists()


def test_the_mail_alone_does_not_switch_it_off(reset: Any) -> None:
    user = UserFactory.create()
    two_factor_on(user)
    reset(user)
    token = post("login", {"identifier": user.username, "password": NEW}).json()["challenge_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    body = {"password": NEW}
    answer = Client().delete("/api/v1/auth/2fa/disable", body, content_type="application/json", headers=bearer)
    assert answer.status_code == 401
    assert is_two_factor_on(user)
