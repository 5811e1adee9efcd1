"""Statistics and a year in review over HTTP."""

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from lists.models import ListPreferences
from lists.tests.watched import entry, seen
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
OWN = "/api/v1/anime-list/statistics"


@pytest.fixture
def user():
    return UserFactory.create(username="Counter", activity_visibility="everyone")


def address(name: str = "Counter") -> str:
    return f"/api/v1/users/{name}/anime-list/statistics"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestStatistics:
    def test_own_and_others(self, user, client: Client) -> None:
        one = entry(user, status="completed", score=84, episodes_watched=12, finished_on="2025-01-02")
        entry(user, status="dropped", score=60, is_private=True)
        seen(user, one.anime, "2025-01-01T10:00")
        mine = signed_in(user)
        with assert_queries("lists/GET anime-list/statistics"):
            own = mine.get(OWN).json()
        with assert_queries("lists/GET users/{}/anime-list/statistics"):
            others = client.get(address("cOUNTER"))
        assert (own["total"], own["counts"]["dropped"], own["average_score"]) == (2, 1, 72)
        assert own["average_score_shown"] == "7.2"
        seen_by_others = others.json()
        assert (seen_by_others["username"], seen_by_others["total"]) == ("Counter", 1)
        assert seen_by_others["minutes_watched"] == 288
        assert seen_by_others["score_distribution"][8] == {"highest": 90, "count": 1}
        assert seen_by_others["activity"]["longest_streak"] == 2
        assert others["Cache-Control"] == "private, no-store"

    def test_the_average_is_shown_in_the_owners_format(self, user) -> None:
        ListPreferences.objects.create(user=user, score_format="point_5")
        entry(user, status="completed", score=80)
        found = signed_in(user).get(OWN).json()
        assert (found["average_score"], found["average_score_shown"], found["score_format"]) == (80, "4", "point_5")

    @pytest.mark.parametrize("circle", ["friends", "nobody"])
    def test_a_list_that_is_not_shown_is_not_there(self, user, client: Client, circle: str) -> None:
        ListPreferences.objects.create(user=user, list_visibility=circle)
        assert client.get(address()).status_code == 404
        assert signed_in(UserFactory.create()).get(address()).json() | {"request_id": ""} == client.get(
            address("no_such_person")
        ).json() | {"request_id": ""}
        assert signed_in(user).get(address()).status_code == 200

    def test_bad_input(self, user, client: Client) -> None:
        assert client.get(OWN).status_code == 401
        assert client.get(f"{address()}?tz=Mars/Base").json()["fields"].keys() == {"tz"}
        assert client.get(f"{address()}?zone=UTC").json()["error"] == "unknown_filter"
        assert client.get(f"{address()}?tz=Asia/Tokyo").status_code == 200


class TestYear:
    def test_a_year(self, user, client: Client) -> None:
        one = entry(user, status="completed", score=84, episodes_watched=12, finished_on="2025-01-02")
        seen(user, one.anime, "2024-12-31T20:00")
        with assert_queries("lists/GET users/{}/anime-list/years/{}"):
            found = client.get("/api/v1/users/Counter/anime-list/years/2025").json()
        assert (found["year"], found["years"], found["episodes"], found["finished_count"]) == (2025, [2025, 2024], 0, 1)
        assert found["top"][0]["score"] == 84
        assert found["finished"][0]["finished_on"] == "2025-01-02"
        assert len(found["months"]) == 12
        there = client.get("/api/v1/users/Counter/anime-list/years/2025?tz=Asia/Tokyo").json()
        assert (there["episodes"], there["busiest_day"]) == (1, {"date": "2025-01-01", "count": 1})

    def test_refusals(self, user, client: Client) -> None:
        assert client.get("/api/v1/users/Counter/anime-list/years/99999999999999999999").status_code == 404
        assert client.get("/api/v1/users/Counter/anime-list/years/2025?tz=x").status_code == 422
        ListPreferences.objects.create(user=user, list_visibility="nobody")
        assert client.get("/api/v1/users/Counter/anime-list/years/2025").status_code == 404
