"""Deleting an account through the API."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.services.sessions import session_start
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.mails import code_in, mails_sent
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

DELETION = "/api/v1/users/me/deletion"
NOTHING = {"status": "none", "requested_at": None, "confirmed_at": None, "due_at": None}


def headers_of(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {session_start(user=user).access_token}"}


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def headers(user: User) -> dict[str, str]:
    return headers_of(user)


def post(step: str, headers: dict[str, str], body: Any = None) -> Any:
    return Client().post(f"{DELETION}/{step}", body or {}, content_type="application/json", headers=headers)


def get(headers: dict[str, str]) -> Any:
    return Client().get(DELETION, headers=headers)


def mailed_code() -> str:
    return code_in(mails_sent()[-1])


def test_the_whole_way_and_back(user: User, headers: dict[str, str]) -> None:
    other = headers_of(user)
    assert get(headers).json() == NOTHING

    with assert_queries("accounts/POST users/me/deletion/request"):
        asked = post("request", headers)
    assert (asked.status_code, asked.json()["status"]) == (202, "requested")
    (mail,) = mails_sent()
    assert mail.to == [user.email]

    with assert_queries("accounts/POST users/me/deletion/confirm"):
        confirmed = post("confirm", headers, {"code": code_in(mail).lower().replace("-", " ")})
    assert (confirmed.status_code, confirmed.json()["status"]) == (200, "confirmed")
    assert confirmed.json()["due_at"].endswith("Z")
    with assert_queries("accounts/GET users/me/deletion"):
        status = get(headers)
    assert status.json() == confirmed.json()
    assert status["Cache-Control"] == "private, no-store"
    assert get(other).status_code == 401, "every other session is dead at once"

    stranger = headers_of(UserFactory.create())
    assert Client().get(f"/api/v1/users/{user.username}", headers=stranger).status_code == 404
    again = Client().post(
        "/api/v1/auth/login", {"identifier": user.username, "password": PASSWORD}, content_type="application/json"
    )
    assert again.status_code == 200, "who changes their mind signs in"

    with assert_queries("accounts/DELETE users/me/deletion"):
        cancelled = Client().delete(DELETION, headers=headers)
    assert cancelled.status_code == 204
    assert get(headers).json() == NOTHING
    assert Client().get(f"/api/v1/users/{user.username}", headers=stranger).status_code == 200


def test_nothing_to_cancel(headers: dict[str, str]) -> None:
    response = Client().delete(DELETION, headers=headers)
    assert (response.status_code, response.json()["error"]) == (404, "no_deletion_pending")


def test_confirmed_already(headers: dict[str, str]) -> None:
    post("request", headers)
    post("confirm", headers, {"code": mailed_code()})
    for step, body in (("request", None), ("confirm", {"code": "AAAAA-AAAAA"})):
        response = post(step, headers, body)
        assert (response.status_code, response.json()["error"]) == (409, "deletion_pending")
        assert response.json()["due_at"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"code": "AAAAA-AAAAA"}, "email_code_invalid"),
        ({"code": "\x00"}, "validation_failed"),
        ({"code": "x" * 41}, "validation_failed"),
        ({"code": ""}, "validation_failed"),
        ({"code": ["a"]}, "validation_failed"),
        ({}, "validation_failed"),
    ],
)
def test_bad_codes(headers: dict[str, str], body: dict[str, Any], error: str) -> None:
    post("request", headers)
    response = post("confirm", headers, body)
    assert (response.status_code, response.json()["error"]) == (422, error)
    assert list(response.json()["fields"]) == ["code"]
    assert get(headers).json()["status"] == "requested"


def test_anothers_code_opens_nothing(user: User, headers: dict[str, str]) -> None:
    post("request", headers)
    stolen = mailed_code()
    thief = UserFactory.create()
    post("request", headers_of(thief))
    assert post("confirm", headers_of(thief), {"code": stolen}).status_code == 422
    assert User.objects.filter(deletion_due_at__isnull=False).count() == 0


def test_three_mails_an_hour_and_ten_tries(headers: dict[str, str]) -> None:
    assert [post("request", headers).status_code for _ in range(4)] == [202, 202, 202, 429]
    tries = [post("confirm", headers, {"code": "AAAAA-AAAAA"}) for _ in range(11)]
    assert [response.status_code for response in tries] == [422] * 10 + [429]
    assert int(tries[-1]["Retry-After"]) <= 3601
    cache.clear()


def test_the_last_superadmin() -> None:
    response = post("request", headers_of(UserFactory.create(role="superadmin")))
    assert (response.status_code, response.json()["error"]) == (409, "last_superadmin")


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("delete", ""), ("post", "/request"), ("post", "/confirm")])
def test_strangers(method: str, path: str) -> None:
    assert getattr(Client(), method)(DELETION + path).status_code == 401
