"""The addresses of the calendar over HTTP: shown to their owner, replaced at once."""

import pytest
from django.test import Client

from accounts.services.api_keys import api_key_create
from accounts.tests.factories import UserFactory
from core.api.scopes import Scope
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
URL, REVOKE = "/api/v1/users/me/calendar", "/api/v1/users/me/calendar/revoke"


@pytest.fixture
def user():
    return UserFactory.create()


@pytest.fixture
def mine(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_addresses_stay_until_they_are_replaced(mine: Client, client: Client) -> None:
    first = mine.get(URL)
    with assert_queries("lists/GET users/me/calendar"):
        again = mine.get(URL)
    assert again.json() == first.json()
    assert first["Cache-Control"] == "no-store"
    assert first.json()["statuses"] == ["on_hold", "planned", "rewatching", "watching"]
    old = first.json()
    assert client.get(old["ics"]).status_code == client.get(old["rss"]).status_code == 200
    with assert_queries("lists/POST users/me/calendar/revoke"):
        new = mine.post(REVOKE).json()
    assert client.get(old["ics"]).status_code == client.get(old["rss"]).status_code == 404
    assert client.get(new["ics"]).status_code == client.get(new["rss"]).status_code == 200


def test_strangers_and_keys_do_not_learn_them(user, client: Client) -> None:
    assert client.get(URL).status_code == client.post(REVOKE).status_code == 401
    key = api_key_create(user=user, name="tracker", scopes=[Scope.LISTS_READ, Scope.LISTS_WRITE]).token
    for answer in (client.get(URL, headers={"X-API-Key": key}), client.post(REVOKE, headers={"X-API-Key": key})):
        assert (answer.status_code, answer.json()["error"]) == (403, "interactive_session_required")
