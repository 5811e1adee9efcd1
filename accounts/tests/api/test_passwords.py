"""Forgotten, reset, set and changed passwords through the API."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import EmailCode, SignInAttempt, TotpDevice, User, UserSession
from accounts.services.challenges import challenge_start
from accounts.services.sessions import session_start
from accounts.tests.api.test_email import bearer, post
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.mails import link_in, mails_sent
from core.models import Job
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

NEW = "another passphrase 7"


def token_for(user: User) -> str:
    assert post("forgot-password", {"email": user.email}).status_code == 200
    cache.clear()
    return link_in(mails_sent()[-1]).partition("token=")[2]


def signs_in(user: User, password: str) -> Any:
    return post("login", {"identifier": user.username, "password": password})


def test_forgot_password_answers_alike_and_mails_only_who_is_there() -> None:
    user = UserFactory.create()
    UserFactory.create(is_active=False, email="suspended@example.org")
    bodies = []
    for at, email in enumerate([user.email.upper(), "nobody@example.org", "suspended@example.org"]):
        with assert_queries("accounts/POST auth/forgot-password"):
            answer = post("forgot-password", {"email": email}, address=f"192.0.2.{at}")
        assert answer.status_code == 200
        bodies.append(answer.json())
    assert all(body == bodies[0] for body in bodies)
    (message,) = mails_sent()
    assert message.to == [user.email]
    assert not any("sealed" in job.payload for job in Job.objects.all())


def test_forgot_password_two_in_five_minutes_per_address() -> None:
    statuses = [post("forgot-password", {"email": f"n{n}@example.org"}).status_code for n in range(3)]
    assert statuses == [200, 200, 429]
    assert post("forgot-password", {"email": "x" * 300}, address="192.0.2.7").status_code == 422


def test_a_reset_changes_the_password_ends_every_session_and_starts_none() -> None:
    user = UserFactory.create()
    tokens = bearer(user)
    site = Client()
    site.force_login(user)
    challenge = challenge_start(user=user)
    token = token_for(user)
    with assert_queries("accounts/POST auth/reset-password"):
        answer = post("reset-password", {"token": token, "password": NEW})
    assert answer.status_code == 200
    assert list(answer.json()) == ["detail"]
    assert "Set-Cookie" not in answer.headers
    assert not UserSession.objects.filter(user=user, revoked_at__isnull=True).exists()
    assert Client().get("/api/v1/auth/me", headers=tokens).status_code == 401
    assert site.get("/settings").status_code == 302
    assert post("2fa/verify-login", {"challenge_token": challenge, "code": "123456"}).status_code == 401
    assert signs_in(user, PASSWORD).status_code == 401
    assert signs_in(user, NEW).status_code == 200
    user.refresh_from_db()
    assert user.is_verified
    assert "password" in mails_sent()[-1].body
    again = post("reset-password", {"token": token, "password": NEW})
    assert (again.status_code, again.json()["error"]) == (422, "email_code_invalid")
    assert list(again.json()["fields"]) == ["token"]


def test_a_reset_does_not_pass_by_the_second_factor() -> None:
    user = UserFactory.create()
    TotpDevice.objects.create(user=user, secret="x", confirmed_at=timezone.now())
    token = token_for(user)
    assert post("reset-password", {"token": token, "password": NEW}).status_code == 200
    answer = signs_in(user, NEW)
    assert answer.json()["requires_2fa"] is True
    assert "access_token" not in answer.json()


@pytest.mark.parametrize("password", ["short", "password1", "x" * 257, ""])
def test_a_refused_password_leaves_the_token_as_it_was(password: str) -> None:
    user = UserFactory.create()
    token = token_for(user)
    refused = post("reset-password", {"token": token, "password": password})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["password"])
    own = post("reset-password", {"token": token, "password": user.email})
    assert list(own.json()["fields"]) == ["password"]
    assert post("reset-password", {"token": token, "password": NEW}).status_code == 200


def test_a_token_ends_after_an_hour_with_a_newer_one_and_with_a_new_password() -> None:
    user = UserFactory.create()
    old, new = token_for(user), token_for(user)
    assert post("reset-password", {"token": old, "password": NEW}).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert post("reset-password", {"token": new, "password": NEW}).status_code == 422
    tokens = bearer(user)
    assert post("password", {"current_password": PASSWORD, "password": NEW}, headers=tokens).status_code == 200
    assert post("reset-password", {"token": new, "password": NEW}).status_code == 422


@pytest.mark.parametrize("token", ["", "nothing", "x" * 101, "\x00", ["a"]])
def test_reset_refuses_bad_tokens(token: Any) -> None:
    answer = post("reset-password", {"token": token, "password": NEW})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["token"])


def test_reset_five_a_minute_per_address() -> None:
    statuses = [post("reset-password", {"token": "nothing", "password": NEW}).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_a_new_password_keeps_the_caller_and_ends_the_others() -> None:
    user = UserFactory.create()
    mine, other = bearer(user), bearer(user)
    with assert_queries("accounts/POST auth/password"):
        answer = post("password", {"current_password": PASSWORD, "password": NEW}, headers=mine)
    assert answer.status_code == 200
    assert Client().get("/api/v1/auth/me", headers=mine).status_code == 200
    assert Client().get("/api/v1/auth/me", headers=other).status_code == 401
    assert signs_in(user, NEW).status_code == 200


def test_a_browser_that_calls_the_api_stays_signed_in() -> None:
    user = UserFactory.create()
    mine, other = Client(), Client()
    for browser in (mine, other):
        browser.force_login(user)
    body = {"current_password": PASSWORD, "password": NEW}
    assert mine.post("/api/v1/auth/password", body, content_type="application/json").status_code == 200
    assert mine.get("/settings").status_code == 200
    assert other.get("/settings").status_code == 302


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"current_password": "wrong", "password": NEW}, "current_password"),
        ({"password": NEW}, "current_password"),
        ({"confirm_email": "person@example.org", "password": NEW}, "current_password"),
        ({"current_password": PASSWORD, "password": "short"}, "password"),
        ({"current_password": PASSWORD, "password": "iloveyou1"}, "password"),
        ({"current_password": PASSWORD, "password": "Person@Example.ORG"}, "password"),
        ({"current_password": PASSWORD}, "password"),
    ],
)
def test_a_new_password_is_refused(body: dict[str, str], field: str) -> None:
    user = UserFactory.create(username="person")
    answer = post("password", body, user=user)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_the_first_password_of_somebody_who_signs_in_through_a_provider() -> None:
    user = UserFactory.create(password=None)
    for confirm in ("", "other@example.org"):
        answer = post("password", {"confirm_email": confirm, "password": NEW}, user=user)
        assert (answer.status_code, list(answer.json()["fields"])) == (422, ["confirm_email"])
    answer = post("password", {"confirm_email": user.email.upper(), "password": NEW}, user=user)
    assert answer.status_code == 200
    assert signs_in(user, NEW).status_code == 200


def test_a_stolen_session_cannot_guess_the_password() -> None:
    user = UserFactory.create()
    headers = bearer(user)
    for _ in range(10):
        cache.clear()
        assert post("password", {"current_password": "wrong", "password": NEW}, headers=headers).status_code == 422
    cache.clear()
    answer = post("password", {"current_password": PASSWORD, "password": NEW}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (429, "too_many_failed_sign_ins")
    assert int(answer["Retry-After"]) > 0
    assert signs_in(user, PASSWORD).status_code == 429
    SignInAttempt.objects.all().delete()
    assert post("password", {"current_password": PASSWORD, "password": NEW}, headers=headers).status_code == 200


def test_strangers_may_not() -> None:
    assert post("password", {"current_password": PASSWORD, "password": NEW}).status_code == 401
    session = session_start(user=UserFactory.create())
    refresh = {"Authorization": f"Bearer {session.refresh_token}"}
    assert post("password", {"current_password": PASSWORD, "password": NEW}, headers=refresh).status_code == 401
    assert not EmailCode.objects.exists()
