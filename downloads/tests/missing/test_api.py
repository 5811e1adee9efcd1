"""`/admin/library/missing` and `/admin/library/follows`."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Role
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from downloads.models import Download, VariantFollow
from downloads.tests.missing.conftest import file_make
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
BOARD = "/api/v1/admin/library/missing"
FOLLOWS = "/api/v1/admin/library/follows"


def client_of(role: Role) -> APIClient:
    client = APIClient()
    token = session_start(user=UserFactory(role=role)).access_token
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


@pytest.fixture
def api(anime: Anime) -> APIClient:
    return client_of(Role.ADMIN)


def put(api: APIClient, anime: Anime, **body: Any) -> Any:
    return api.put(f"{BOARD}/{anime.pk}/follow", body, format="json")


def test_the_board_in_pages(api: APIClient, anime: Anime) -> None:
    other = AnimeFactory(title="Aki", episode_count=2)
    file_make(other, 1)
    with assert_queries("downloads/GET admin/library/missing"):
        answer = api.get(BOARD, {"page_size": 1})
    body = answer.json()
    assert (answer.status_code, body["count"], body["previous"]) == (200, 2, None)
    assert body["next"] == f"{BOARD}?page_size=1&page=2"
    (row,) = body["results"]
    assert (row["anime_id"], row["known"], row["present"], row["missing"], row["fillable"]) == (anime.pk, 12, 3, 9, 2)
    assert row["reasons"]["no_allowed_host"] == 1
    assert row["card"]["title"] == "Hoshi no Niwa"
    assert row["updated_at"].endswith("Z")
    assert [one["title"] for one in api.get(BOARD, {"sort_by": "name"}).json()["results"]] == ["Aki", "Hoshi no Niwa"]
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"sort_by": "password"}, 422, "validation_failed"),
        ({"sort_order": "up"}, 422, "validation_failed"),
        ({"only_missing": "perhaps"}, 422, "validation_failed"),
        ({"page_size": "101"}, 422, "validation_failed"),
        ({"order_by": "1"}, 400, "unknown_filter"),
    ],
)
def test_nonsense_in_the_query(api: APIClient, query: dict, status: int, code: str) -> None:
    answer = api.get(BOARD, query)
    assert (answer.status_code, answer.json()["error"]) == (status, code)


def test_one_anime(api: APIClient, anime: Anime) -> None:
    with assert_queries("downloads/GET admin/library/missing/{id}"):
        body = api.get(f"{BOARD}/{anime.pk}").json()
    by = {one["episode"]: one for one in body["episodes"]}
    assert (by[1]["state"], by[1]["files"][0]["height"]) == ("present", 1080)
    assert by[1]["files"][0]["variants"] == [{"variant_kind": "sub", "language": "en"}]
    assert (by[4]["state"], by[4]["download"]["progress"]) == ("in_queue", 42.0)
    assert (by[5]["state"], by[5]["failure"]["attempts"], by[5]["failure"]["error"]) == ("failed", 3, "segment_failed")
    assert (by[7]["state"], by[7]["hosts"]) == ("no_allowed_host", ["elsewhere.example"])
    german = api.get(f"{BOARD}/{anime.pk}", {"variant_kind": "dub", "language": "de"}).json()
    assert (german["language"], german["episodes"][0]["state"]) == ("de", "no_source")
    assert api.get(f"{BOARD}/{anime.pk}", {"language": "?"}).status_code == 422
    assert api.get(f"{BOARD}/{anime.pk + 10_000}").status_code == 404


def test_filling(api: APIClient, anime: Anime) -> None:
    body = api.post(f"{BOARD}/{anime.pk}/fill", {"episodes": [5, 6, 9], "priority": "high"}, format="json").json()
    assert [one["episode"] for one in body["queued"]] == [5, 6]
    assert body["skipped"] == [{"episode": 9, "reason": "not_aired"}]
    assert set(Download.objects.filter(state="queued").values_list("priority", flat=True)) == {2}
    again = api.post(f"{BOARD}/{anime.pk}/fill", {"episodes": [5, 6]}, format="json").json()
    assert (again["queued"], {one["reason"] for one in again["skipped"]}) == ([], {"in_queue"})


@pytest.mark.parametrize(
    "body",
    [
        {"quality": "x"},
        {"episodes": "all"},
        {"episodes": [-1]},
        {"variant_kind": "x"},
        {"language": "../"},
        {"more": 1},
    ],
)
def test_a_bad_fill_queues_nothing(api: APIClient, anime: Anime, body: dict) -> None:
    before = Download.objects.count()
    answer = api.post(f"{BOARD}/{anime.pk}/fill", body, format="json")
    assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")
    assert Download.objects.count() == before


def test_standing_orders(api: APIClient, anime: Anime) -> None:
    made = put(api, anime, variant_kind="dub", language="de", quality=720).json()
    assert (made["language"], made["quality"], made["first_episode"]) == ("de", 720, 1)
    assert made["set_by"]
    assert Download.objects.filter(state="queued", variant_language="de").count() == 2
    assert api.get(f"{BOARD}/{anime.pk}/follow").json() == [made]
    with assert_queries("downloads/GET admin/library/follows"):
        listed = api.get(FOLLOWS).json()
    assert (listed["count"], listed["results"][0]["title"]) == (1, "Hoshi no Niwa")
    where = f"{BOARD}/{anime.pk}/follow"
    assert api.delete(f"{where}?variant_kind=sub&language=de").status_code == 404
    assert api.delete(f"{where}?variant_kind=dub&languag=de").status_code == 400
    assert api.delete(f"{where}?variant_kind=dub&language=de").status_code == 204
    assert not VariantFollow.objects.exists()


@pytest.mark.parametrize("body", [{"variant_kind": "x"}, {"first_episode": 0}, {"quality": 99999}, {"user": 1}])
def test_a_bad_order_sets_nothing(api: APIClient, anime: Anime, body: dict) -> None:
    assert put(api, anime, **body).status_code == 422
    assert not VariantFollow.objects.exists()


def test_a_moderator_looks_and_sees_nothing_hidden(anime: Anime) -> None:
    api = client_of(Role.MODERATOR)
    assert api.get(BOARD).json()["count"] == 1
    VariantFollow.objects.create(anime=anime)
    Anime.objects.filter(pk=anime.pk).update(visibility="hidden")
    assert (api.get(BOARD).json()["count"], api.get(FOLLOWS).json()["count"]) == (0, 0)
    assert api.get(f"{BOARD}/{anime.pk}").status_code == 410
    assert put(api, anime).status_code == 403
