"""`/devices`: registering Expo tokens and web push subscriptions."""

from typing import Any

import pytest
from django.test import Client

from accounts import push_web
from accounts.models import PushDevice, User
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from accounts.tests.push_services import Browser
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

URL = "/api/v1/devices/register"
TOKEN = "ExponentPushToken[abcdefghijklmnopqrstuv]"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def bearer(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {session_start(user=user).access_token}"}


@pytest.fixture
def person() -> User:
    return UserFactory()


@pytest.fixture
def mine(person: User) -> dict[str, str]:
    return bearer(person)


def register(client: Client, body: Any, headers: dict[str, str]) -> Any:
    return client.post(URL, body, content_type="application/json", headers=headers)


def subscription(**changes: Any) -> dict[str, Any]:
    browser = Browser()
    return {
        "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "keys": {"p256dh": browser.p256dh, "auth": browser.auth},
        "expirationTime": None,
        **changes,
    }


def test_first_and_again(client: Client, mine: dict[str, str]) -> None:
    body = {"platform": "ios", "token": TOKEN, "name": "Phone"}
    first, again = register(client, body, mine), register(client, body, mine)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert {**first.json(), "id": "", "created_at": "", "last_seen_at": ""} == {
        "id": "",
        "kind": "expo",
        "platform": "ios",
        "name": "Phone",
        "created_at": "",
        "last_seen_at": "",
    }
    assert TOKEN not in first.content.decode()


def test_it_moves_to_who_signs_in_next(client: Client, person: User, mine: dict[str, str]) -> None:
    body = {"platform": "android", "token": TOKEN}
    first = register(client, body, bearer(UserFactory()))
    assert register(client, body, mine).json()["id"] == first.json()["id"]
    assert PushDevice.objects.get().user == person


def test_a_browser_is_named_by_itself(client: Client, mine: dict[str, str]) -> None:
    answer = register(client, {"subscription": subscription()}, {**mine, "User-Agent": FIREFOX})
    assert answer.status_code == 201
    assert (answer.json()["kind"], answer.json()["platform"]) == ("web", "web")
    assert answer.json()["name"] == "Firefox on Linux"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"token", "subscription"}),
        ({"platform": "ios"}, {"token", "subscription"}),
        ({"platform": "ios", "token": "abc"}, {"token"}),
        ({"platform": "nokia", "token": TOKEN}, {"platform"}),
        ({"platform": "web", "token": TOKEN}, {"subscription"}),
        ({"platform": "ios", "subscription": subscription()}, {"platform"}),
        ({"token": TOKEN, "subscription": subscription()}, {"token", "subscription"}),
        ({"subscription": subscription(endpoint="https://127.0.0.1/x")}, {"subscription.endpoint"}),
        ({"subscription": subscription(keys={"p256dh": "x"})}, {"subscription.keys.auth"}),
        (
            {"subscription": subscription(keys={"p256dh": "x", "auth": "y"})},
            {"subscription.keys.p256dh", "subscription.keys.auth"},
        ),
        ({"subscription": "https://fcm.googleapis.com/x"}, {"subscription.non_field_errors"}),
        ({"token": TOKEN, "name": "x" * 101}, {"name"}),
    ],
)
def test_bad_input_is_named(client: Client, mine: dict[str, str], body: Any, fields: set[str]) -> None:
    answer = register(client, body, mine)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == fields
    assert not PushDevice.objects.exists()


def test_removing_only_mine(client: Client, mine: dict[str, str]) -> None:
    made = register(client, {"token": TOKEN}, mine).json()["id"]
    stranger = bearer(UserFactory())
    assert client.delete(f"/api/v1/devices/{made}", headers=stranger).status_code == 404
    assert PushDevice.objects.exists()
    assert client.delete(f"/api/v1/devices/{made}", headers=mine).status_code == 204
    assert client.delete(f"/api/v1/devices/{made}", headers=mine).status_code == 404


def test_strangers(client: Client) -> None:
    assert register(client, {"token": TOKEN}, {}).status_code == 401
    assert client.get("/api/v1/devices/vapid-key").status_code == 401


def test_the_public_key(client: Client, mine: dict[str, str]) -> None:
    found = client.get("/api/v1/devices/vapid-key", headers=mine).json()
    assert found == {"public_key": push_web.public_key()}


def test_query_counts(client: Client, mine: dict[str, str]) -> None:
    with assert_queries("accounts/POST devices/register"):
        made = register(client, {"token": TOKEN}, mine)
    for number in range(5):
        register(client, {"token": f"ExponentPushToken[{number:022d}]"}, mine)
    with assert_queries("accounts/POST devices/register again"):
        register(client, {"token": TOKEN}, mine)
    with assert_queries("accounts/DELETE devices/{id}"):
        client.delete(f"/api/v1/devices/{made.json()['id']}", headers=mine)
