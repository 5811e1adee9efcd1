"""`/developer/keys`, and what a key in `X-API-Key` may do."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey, User
from accounts.services.api_keys import api_key_create
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

URL = "/api/v1/developer/keys"
ME = "/api/v1/auth/me"
PROGRESS = "/api/v1/users/me/progress"


@pytest.fixture
def person() -> User:
    return UserFactory()


@pytest.fixture
def mine(person: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {session_start(user=person).access_token}"}


def key_of(user: User, *scopes: str, **more: Any) -> dict[str, str]:
    made = api_key_create(user=user, name="x", scopes=scopes, **more)
    return {"X-API-Key": made.token}


def _post(client: Client, body: Any, headers: dict[str, str]) -> Any:
    return client.post(URL, body, content_type="application/json", headers=headers)


class TestManaging:
    def test_made_shown_once_listed_masked_revoked(self, client: Client, person: User, mine: dict[str, str]) -> None:
        until = (timezone.now() + timedelta(days=30)).replace(microsecond=0)
        body = {"name": "Tracker", "scopes": ["lists:write", "profile:read"], "expires_at": until.isoformat()}
        made = _post(client, body, mine)
        assert made.status_code == 201
        assert made["Cache-Control"] == "no-store"
        token = made.json()["key"]
        assert client.get(ME, headers={"X-API-Key": token}).json()["username"] == person.username
        listed = client.get(URL, headers=mine)
        assert token not in listed.content.decode()
        (row,) = listed.json()
        assert row == {
            "id": made.json()["id"],
            "name": "Tracker",
            "prefix": token[:11],
            "masked": f"{token[:11]}…",
            "scopes": ["lists:write", "profile:read"],
            "created_at": row["created_at"],
            "expires_at": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "last_used_at": row["last_used_at"],
        }
        assert row["last_used_at"].endswith("Z")
        assert client.delete(f"{URL}/{row['id']}", headers=mine).status_code == 204
        assert client.get(ME, headers={"X-API-Key": token}).status_code == 401
        assert client.get(URL, headers=mine).json() == []

    def test_a_key_without_expiry(self, client: Client, mine: dict[str, str]) -> None:
        assert _post(client, {"name": "x", "scopes": ["catalog:read"]}, mine).json()["expires_at"] is None

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("name", {"name": ""}),
            ("name", {"name": "x" * 51}),
            ("name", {"name": {"a": 1}}),
            ("scopes", {"scopes": []}),
            ("scopes", {"scopes": ["root"]}),
            ("scopes", {"scopes": "catalog:read"}),
            ("scopes", {"scopes": [["catalog:read"]]}),
            ("expires_at", {"expires_at": "2001-01-01T00:00:00Z"}),
            ("expires_at", {"expires_at": "soon"}),
        ],
    )
    def test_bad_input_is_named(self, client: Client, mine: dict[str, str], field: str, change: dict[str, Any]) -> None:
        answer = _post(client, {"name": "x", "scopes": ["catalog:read"], **change}, mine)
        assert answer.status_code == 422
        assert {name.partition(".")[0] for name in answer.json()["fields"]} == {field}
        assert not ApiKey.objects.exists()

    def test_others_keys_are_not_there(self, client: Client, person: User, mine: dict[str, str]) -> None:
        theirs = api_key_create(user=UserFactory(), name="x", scopes=["catalog:read"]).key
        assert client.get(URL, headers=mine).json() == []
        assert client.delete(f"{URL}/{theirs.pk}", headers=mine).status_code == 404
        assert ApiKey.objects.get() == theirs

    def test_strangers(self, client: Client) -> None:
        assert client.get(URL).status_code == 401
        assert _post(client, {"name": "x", "scopes": ["catalog:read"]}, {}).status_code == 401

    def test_twenty_first_is_409(self, client: Client, person: User, mine: dict[str, str]) -> None:
        ApiKey.objects.bulk_create([ApiKey(user=person, name=str(n), key_hash=str(n)) for n in range(20)])
        answer = _post(client, {"name": "x", "scopes": ["catalog:read"]}, mine)
        assert (answer.status_code, answer.json()["error"]) == (409, "too_many_api_keys")

    def test_making_is_limited(self, client: Client, mine: dict[str, str]) -> None:
        for _turn in range(30):
            answer = _post(client, {}, mine)
            assert answer.status_code == 422
        assert answer["X-RateLimit-Remaining"] == "0"
        assert _post(client, {}, mine).status_code == 429


class TestScopes:
    @pytest.mark.parametrize(
        ("method", "path", "scope"),
        [
            ("get", ME, "profile:read"),
            ("get", PROGRESS, "lists:read"),
            ("put", PROGRESS, "lists:write"),
            ("delete", PROGRESS, "lists:write"),
            ("post", f"{PROGRESS}/import", "lists:write"),
            ("get", "/api/v1/anime", "catalog:read"),
            ("head", "/api/v1/anime", "catalog:read"),
            ("get", "/api/v1/anime/calendar", "catalog:read"),
        ],
    )
    def test_the_scope_decides(self, client: Client, person: User, method: str, path: str, scope: str) -> None:
        from core.api.scopes import Scope

        others = [value for value in Scope.values if value != scope]
        refused = getattr(client, method)(path, headers=key_of(person, *others))
        assert refused.status_code == 403
        if method != "head":
            assert (refused.json()["error"], refused.json()["scope"]) == ("scope_missing", scope)
        assert getattr(client, method)(path, headers=key_of(person, scope)).status_code in (200, 415, 422)

    def test_wrong_keys_are_401_on_public_routes_too(self, client: Client) -> None:
        for path in (ME, "/api/v1/anime"):
            answer = client.get(path, headers={"X-API-Key": "hk_" + "a" * 43})
            assert (answer.status_code, answer.json()["error"]) == (401, "invalid_api_key")
            assert answer["WWW-Authenticate"].startswith("ApiKey")

    @pytest.mark.parametrize("change", [{"is_active": False}, {"deletion_due_at": timezone.now()}])
    def test_of_the_suspended_and_the_leaving(self, client: Client, person: User, change: dict[str, Any]) -> None:
        headers = key_of(person, "profile:read")
        User.objects.filter(pk=person.pk).update(**change)
        assert client.get(ME, headers=headers).json()["error"] == "invalid_api_key"

    def test_two_credentials_are_400(self, client: Client, person: User, mine: dict[str, str]) -> None:
        answer = client.get(ME, headers={**mine, **key_of(person, "profile:read")})
        assert (answer.status_code, answer.json()["error"]) == (400, "ambiguous_credentials")

    def test_a_cookie_beside_a_key_adds_nothing(self, client: Client, person: User) -> None:
        client.force_login(person)
        assert client.get(PROGRESS, headers=key_of(person, "profile:read")).json()["error"] == "scope_missing"
        assert client.get(URL, headers=key_of(person, "profile:read")).json()["error"] == "interactive_session_required"
        other = UserFactory()
        assert client.get(ME, headers=key_of(other, "profile:read")).json()["username"] == other.username

    def test_one_query_a_call(self, client: Client, person: User) -> None:
        headers = key_of(person, "profile:read")
        with assert_queries("accounts/GET auth/me by key, the first in a minute"):
            client.get(ME, headers=headers)
        with assert_queries("accounts/GET auth/me by key"):
            assert client.get(ME, headers=headers).status_code == 200

    def test_answers_are_not_shared_with_strangers(self, client: Client, person: User) -> None:
        answer = client.get("/api/v1/anime", headers=key_of(person, "catalog:read"))
        assert "private" in answer["Cache-Control"]
        assert "X-API-Key" in answer["Vary"]


def test_query_counts(client: Client, person: User, mine: dict[str, str]) -> None:
    client.get(ME, headers=mine)
    with assert_queries("accounts/POST developer/keys"):
        made = _post(client, {"name": "x", "scopes": ["catalog:read"]}, mine)
    for _turn in range(5):
        key_of(person, "catalog:read")
    with assert_queries("accounts/GET developer/keys"):
        client.get(URL, headers=mine)
    with assert_queries("accounts/DELETE developer/keys/{id}"):
        client.delete(f"{URL}/{made.json()['id']}", headers=mine)
