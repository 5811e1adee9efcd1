"""`/users/me/list-preferences` and the page of it."""

import pytest
from django.test import Client

from catalog.tests.factories import UserFactory
from lists.models import ListPreferences
from tests.query_counts import assert_queries

URL = "/api/v1/users/me/list-preferences"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(UserFactory())
    return client


@pytest.mark.django_db
def test_defaults_then_a_change(client: Client) -> None:
    with assert_queries("lists/GET users/me/list-preferences"):
        assert client.get(URL).json() == {
            "score_format": "point_10_decimal",
            "watched_percent": None,
            "watched_percent_default": 80,
            "tracks_watching": True,
            "list_visibility": "everyone",
        }
    answer = client.patch(URL, {"score_format": "point_3", "watched_percent": 50}, content_type="application/json")
    assert answer.status_code == 200
    assert client.get(URL).json() == answer.json()
    assert (answer.json()["score_format"], answer.json()["watched_percent"]) == ("point_3", 50)


@pytest.mark.django_db
def test_strangers_and_bad_input(client: Client) -> None:
    assert Client().get(URL).json()["error"] == "not_authenticated"
    assert Client().patch(URL, {}, content_type="application/json").status_code == 401
    for bad in ({"score_format": "x"}, {"watched_percent": 20}, {"list_visibility": None}):
        answer = client.patch(URL, bad, content_type="application/json")
        assert (answer.status_code, list(answer.json()["fields"])) == (422, list(bad))
    assert not ListPreferences.objects.exists()


@pytest.mark.django_db
def test_the_page_shows_every_format_and_saves(client: Client) -> None:
    page = client.get("/settings/list").content.decode()
    assert page.count('name="score_format"') == 5
    assert "<span>7.5</span>" in page
    form = {"score_format": "point_100", "watched_percent": "", "list_visibility": "friends"}
    assert client.post("/settings/list", form).status_code == 302
    stored = ListPreferences.objects.get()
    assert (stored.score_format, stored.watched_percent, stored.tracks_watching) == ("point_100", None, False)
    wrong = client.post("/settings/list", {**form, "watched_percent": "20"})
    assert wrong.status_code == 422
    assert 'class="errorlist"' in wrong.content.decode()
