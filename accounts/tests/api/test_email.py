"""Verifying and changing the e-mail address through the API."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import EmailCode, User
from accounts.services.sessions import session_start
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.mails import code_in, mails_sent
from core.models import Job
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


def bearer(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {session_start(user=user).access_token}"}


def post(
    path: str,
    body: dict[str, Any] | None = None,
    *,
    user: User | None = None,
    headers: dict[str, str] | None = None,
    address: str = "192.0.2.1",
) -> Any:
    headers = headers or (bearer(user) if user else {})
    client = Client(REMOTE_ADDR=address)
    return client.post(f"/api/v1/auth/{path}", body or {}, content_type="application/json", headers=headers)


def registered() -> User:
    body = {"username": "newcomer", "email": "New.Comer@Example.org", "password": "a passphrase 77"}
    assert post("register", body).status_code == 201
    return User.objects.get()


def test_registration_mails_a_code_that_verifies() -> None:
    user = registered()
    (message,) = mails_sent()
    assert message.to == ["new.comer@example.org"]
    code = code_in(message)
    with assert_queries("accounts/POST auth/verify-email"):
        answer = post("verify-email", {"code": code.lower().replace("-", " ")})
    assert (answer.status_code, answer.json()) == (200, {"is_verified": True})
    user.refresh_from_db()
    assert user.is_verified
    assert list(EmailAddress.objects.values_list("email", "primary", "verified")) == [(user.email, True, True)]
    again = post("verify-email", {"code": code})
    assert (again.status_code, again.json()["error"]) == (422, "email_code_invalid")
    assert list(again.json()["fields"]) == ["code"]


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "x" * 41}, {"code": ["a"]}, {"code": "\x00"}])
def test_verify_email_refuses_bad_input(body: dict[str, Any]) -> None:
    answer = post("verify-email", body)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["code"]


def test_verify_email_five_a_minute_per_address_whoever_asks() -> None:
    user = UserFactory.create()
    statuses = [
        post("verify-email", {"code": "AAAAA-AAAAA"}, user=user if n % 2 else None).status_code for n in range(6)
    ]
    assert statuses == [422] * 5 + [429]
    assert post("verify-email", {"code": "AAAAA-AAAAA"}, address="192.0.2.2").status_code == 422


def test_a_code_ends_after_a_day_with_a_newer_one_and_with_the_address() -> None:
    user = registered()
    old = code_in(mails_sent()[-1])
    assert post("resend-verification", user=user).status_code == 200
    new = code_in(mails_sent()[-1])
    assert old != new
    assert post("verify-email", {"code": old}).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        assert post("verify-email", {"code": new}).status_code == 422
    User.objects.update(email="elsewhere@example.org")
    assert post("verify-email", {"code": new}).status_code == 422
    User.objects.update(email=user.email, is_active=False)
    assert post("verify-email", {"code": new}).status_code == 422
    User.objects.update(is_active=True)
    assert post("verify-email", {"code": new}).status_code == 200


def test_request_verification_answers_alike_and_mails_only_who_waits() -> None:
    waiting, verified = UserFactory.create(), UserFactory.create(is_verified=True)
    UserFactory.create(is_active=False, email="suspended@example.org")
    bodies = []
    for at, email in enumerate([waiting.email, verified.email, "suspended@example.org", "nobody@example.org"]):
        answer = post("request-verification", {"email": email.upper()}, address=f"192.0.2.{at}")
        assert answer.status_code == 200
        bodies.append(answer.json())
    assert all(body == bodies[0] for body in bodies)
    assert [message.to for message in mails_sent()] == [[waiting.email]]
    assert not any("sealed" in job.payload for job in Job.objects.all())


def test_request_verification_two_an_hour_per_address() -> None:
    statuses = [post("request-verification", {"email": f"n{n}@example.org"}).status_code for n in range(3)]
    assert statuses == [200, 200, 429]
    assert post("request-verification", {"email": "nonsense"}, address="192.0.2.9").status_code == 422


def test_nobody_is_mailed_more_than_five_times_an_hour_from_however_many_addresses() -> None:
    user = UserFactory.create()
    for n in range(8):
        post("request-verification", {"email": user.email}, address=f"192.0.2.{n}")
        mails_sent()
    assert len(mails_sent()) == 5


def test_resend_is_limited_per_person_and_refused_when_verified() -> None:
    user = UserFactory.create()
    headers = bearer(user)
    with assert_queries("accounts/POST auth/resend-verification"):
        assert post("resend-verification", headers=headers).status_code == 200
    assert [post("resend-verification", user=user).status_code for _ in range(2)] == [200, 429]
    done = UserFactory.create(is_verified=True)
    answer = post("resend-verification", user=done)
    assert (answer.status_code, answer.json()["error"]) == (409, "email_already_verified")
    assert post("resend-verification").status_code == 401


def test_the_address_changes_with_the_password_and_the_code_and_the_old_one_is_told() -> None:
    user = UserFactory.create(email="old@example.org")
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    headers = bearer(user)
    with assert_queries("accounts/POST auth/email"):
        assert post("email", {"email": "New@Example.org", "password": PASSWORD}, headers=headers).status_code == 200
    user.refresh_from_db()
    assert user.email == "old@example.org"
    (message,) = mails_sent()
    assert message.to == ["new@example.org"]
    other = UserFactory.create()
    assert post("email/confirm", {"code": code_in(message)}, user=other).status_code == 422
    with assert_queries("accounts/POST auth/email/confirm"):
        answer = post("email/confirm", {"code": code_in(message)}, headers=headers)
    assert answer.json() == {"email": "new@example.org", "is_verified": True}
    user.refresh_from_db()
    assert (user.email, user.is_verified) == ("new@example.org", True)
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.org", True)]
    notice, told = mails_sent()[-2:]
    assert (notice.to, told.to) == (["new@example.org"], ["old@example.org"])
    assert "new@example.org" in told.body
    # The old address is free again, for allauth's social sign-in as well.
    assert (
        post("register", {"username": "after", "email": "old@example.org", "password": "a passphrase 77"}).status_code
        == 201
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "taken@EXAMPLE.org", "password": PASSWORD}, "email"),
        ({"email": "nonsense", "password": PASSWORD}, "email"),
        ({"email": "x" * 250 + "@example.org", "password": PASSWORD}, "email"),
        ({"email": "free@example.org", "password": "wrong"}, "password"),
        ({"email": "free@example.org"}, "password"),
    ],
)
def test_another_address_is_refused(body: dict[str, str], field: str) -> None:
    UserFactory.create(email="taken@example.org")
    answer = post("email", body, user=UserFactory.create())
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert not EmailCode.objects.exists()


def test_who_has_no_password_sets_one_before_the_address_changes() -> None:
    answer = post("email", {"email": "new@example.org", "password": "x"}, user=UserFactory.create(password=None))
    assert (answer.status_code, answer.json()["error"]) == (409, "password_required")


def test_an_address_that_somebody_took_in_the_meantime_is_said_like_any_taken_one() -> None:
    user = UserFactory.create()
    post("email", {"email": "new@example.org", "password": PASSWORD}, user=user)
    code = code_in(mails_sent()[0])
    UserFactory.create(email="new@example.org")
    answer = post("email/confirm", {"code": code}, user=user)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["email"]
    assert User.objects.get(pk=user.pk).email == user.email


def test_a_wrong_password_counts_into_the_lock_out() -> None:
    user = UserFactory.create()
    for n in range(10):
        cache.clear()
        body = {"email": f"n{n}@example.org", "password": "wrong"}
        assert post("email", body, user=user).status_code == 422
    cache.clear()
    answer = post("email", {"email": "n@example.org", "password": PASSWORD}, user=user)
    assert (answer.status_code, answer.json()["error"]) == (429, "too_many_failed_sign_ins")
