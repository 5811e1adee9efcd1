"""`/anime-list` over HTTP: the own list and the lists of others."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from catalog.models import Anime, Visibility
from catalog.tests.factories import AnimeFactory, TitleFactory, UserFactory
from lists.models import ListActivity, ListEntry, ListPreferences
from lists.services import entry_set
from lists.services.wanted_anime import STUB_LIMIT
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

URL = "/api/v1/anime-list"


@pytest.fixture
def user() -> User:
    return UserFactory.create(username="Keeper")


@pytest.fixture
def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory.create(document=True, mal_id=5114)


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    return getattr(client, method)(f"{URL}{path}", body, content_type="application/json")


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["results"]]


class TestOne:
    def test_add_read_change_remove(self, signed_in: Client, anime: Anime) -> None:
        said = {
            "status": "on_hold",
            "score": 75,
            "episodes_watched": 3,
            "rewatch_count": 1,
            "started_on": "2024-05",
            "finished_on": None,
            "notes": "Später.",
            "is_private": False,
            "is_favourite": True,
            "tags": ["cosy", "autumn"],
        }
        made = send(signed_in, "post", "", {"anime_id": anime.pk, **said})
        assert made.status_code == 201
        row = made.json()
        assert {name: row[name] for name in said} == {**said, "tags": ["autumn", "cosy"]}
        assert (row["anime"]["id"], row["anime_id"], row["title"]) == (anime.pk, anime.pk, anime.title)
        assert row["updated_at"].endswith("Z")
        assert row["activity_id"] == str(ListActivity.objects.get().pk)
        read = signed_in.get(f"{URL}/{anime.pk}").json()
        assert read == {name: value for name, value in row.items() if name != "activity_id"}
        again = send(signed_in, "post", "", {"anime_id": anime.pk, "score": None})
        assert (again.status_code, again.json()["score"], again.json()["status"]) == (200, None, "on_hold")
        changed = send(signed_in, "patch", f"/{anime.pk}", {"status": "completed"}).json()
        assert (changed["episodes_watched"], changed["finished_on"] is not None) == (12, True)
        assert send(signed_in, "patch", f"/{anime.pk}", {}).json()["activity_id"] is None
        assert signed_in.delete(f"{URL}/{anime.pk}").status_code == 204
        for answer in (signed_in.get(f"{URL}/{anime.pk}"), signed_in.delete(f"{URL}/{anime.pk}")):
            assert (answer.status_code, answer.json()["error"]) == (404, "not_on_list")

    def test_patch_adds_as_planned(self, signed_in: Client, anime: Anime) -> None:
        row = send(signed_in, "patch", f"/{anime.pk}", {"score": 60}).json()
        assert (row["status"], row["score"]) == ("planned", 60)

    def test_by_shikimori_id(self, signed_in: Client, anime: Anime) -> None:
        assert send(signed_in, "post", "", {"shikimori_id": 5114}).json()["anime_id"] == anime.pk
        assert send(signed_in, "post", "", {"shikimori_id": 5114, "anime_id": anime.pk}).status_code == 200
        assert send(signed_in, "post", "", {"shikimori_id": 5114, "anime_id": None}).status_code == 200
        assert send(signed_in, "post", "", {"shikimori_id": None, "anime_id": None}).status_code == 422
        for other in (AnimeFactory.create(mal_id=7), AnimeFactory.create()):
            answer = send(signed_in, "post", "", {"shikimori_id": 5114, "anime_id": other.pk})
            assert (answer.status_code, list(answer.json()["fields"])) == (422, ["shikimori_id"])
        assert send(signed_in, "post", "", {"shikimori_id": 999, "anime_id": anime.pk}).status_code == 422
        assert send(signed_in, "post", "", {"status": "planned"}).status_code == 422
        assert send(signed_in, "post", "", {"anime_id": 10**12}).status_code == 404
        assert signed_in.delete(f"{URL}/shikimori/5114").status_code == 204
        for unknown in ("5114", "777", "z9"):
            answer = signed_in.delete(f"{URL}/shikimori/{unknown}")
            assert (answer.status_code, answer.json()["error"]) == (404, "not_on_list")

    def test_an_unknown_shikimori_id_becomes_a_stub_once(self, signed_in: Client) -> None:
        made = send(signed_in, "post", "", {"shikimori_id": 41457, "anime_id": 10**12})
        assert made.status_code == 201
        assert (made.json()["anime"]["shikimori_id"], made.json()["anime"]["mal_id"]) == (41457, 41457)
        assert send(signed_in, "post", "", {"shikimori_id": 41457}).json()["anime_id"] == made.json()["anime_id"]
        assert Anime.objects.count() == 1

    def test_stubs_are_rationed(self, signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        cache.clear()
        monkeypatch.setattr("lists.services.wanted_anime.STUB_LIMIT", type(STUB_LIMIT)("list-stubs-test", 2, 3600))
        codes = [send(signed_in, "post", "", {"shikimori_id": 880_000 + n}).status_code for n in range(4)]
        assert codes == [201, 201, 429, 429]
        assert Anime.objects.count() == 2

    def test_episodes(self, signed_in: Client, anime: Anime) -> None:
        first = send(signed_in, "post", f"/{anime.pk}/episode").json()
        assert (first["episode"], first["is_counted"], first["status"]) == (1, True, "watching")
        assert send(signed_in, "post", f"/{anime.pk}/episode", {"episode": 2}).json()["episodes_watched"] == 2
        twice = send(signed_in, "post", f"/{anime.pk}/episode", {"episode": 2}).json()
        assert (twice["is_counted"], twice["episodes_watched"], twice["activity_id"]) == (False, 2, None)
        assert send(signed_in, "post", f"/{anime.pk}/episode", {"episode": 13}).status_code == 422
        send(signed_in, "patch", f"/{anime.pk}", {"status": "completed"})
        over = send(signed_in, "post", f"/{anime.pk}/episode", {})
        assert (over.status_code, over.json()["error"]) == (409, "no_next_episode")

    def test_what_was_hidden_later_is_read_and_removed(self, signed_in: Client, user: User, anime: Anime) -> None:
        entry_set(user=user, anime_id=anime.pk, score=10)
        Anime.objects.update(visibility=Visibility.HIDDEN)
        row = signed_in.get(URL).json()["results"][0]
        assert (row["anime"], row["title"], row["score"]) == (None, anime.title, 10)
        assert signed_in.get(f"/api/v1/users/{user.username}/anime-list").json()["count"] == 1
        assert Client().get(f"/api/v1/users/{user.username}/anime-list").json()["count"] == 0
        assert send(signed_in, "patch", f"/{anime.pk}", {"score": 1}).status_code == 410
        assert signed_in.delete(f"{URL}/{anime.pk}").status_code == 204


@pytest.mark.parametrize(
    "bad",
    [
        '{"score": NaN}',
        '{"score": true}',
        '{"score": "9"}',
        '{"score": 9.5}',
        '{"score": 1e9}',
        '{"score": 101}',
        '{"score": -1}',
        '{"score": {"$gt": 1}}',
        '{"status": "seen"}',
        '{"status": null}',
        '{"episodes_watched": 13}',
        '{"episodes_watched": 99999999999999999999}',
        '{"rewatch_count": -1}',
        '{"started_on": "yesterday"}',
        '{"started_on": "2024-13"}',
        '{"started_on": "2024-05-02", "finished_on": "2024-05-01"}',
        '{"notes": "a\\u0000b"}',
        '{"notes": "\\ud800"}',
        '{"notes": ["x"]}',
        json.dumps({"notes": "я" * 501}),
        json.dumps({"notes": "x" * 100_000}),
        '{"is_private": "yes"}',
        '{"is_favourite": 1}',
        '{"tags": "word"}',
        '{"tags": [["x"]]}',
        json.dumps({"tags": ["x"] * 5000}),
        "[]",
        '"x"',
        "{",
    ],
)
def test_bad_input_changes_nothing(signed_in: Client, anime: Anime, bad: str) -> None:
    body = bad.replace("{", f'{{"anime_id": {anime.pk}, ', 1) if len(bad) > 2 and bad[0] == "{" else bad
    calls = {"post": (URL, body), "patch": (f"{URL}/{anime.pk}", bad)}
    for method, (path, sent) in calls.items():
        answer = getattr(signed_in, method)(path, sent, content_type="application/json")
        assert answer.status_code in (400, 422), (method, answer.content)
        assert answer["Content-Type"] == "application/problem+json"
    assert not ListEntry.objects.exists()


def test_right_to_left_and_controls_are_kept(signed_in: Client, anime: Anime) -> None:
    words = "\u202eرسوم متحركة\u202c 👩‍🚀 <b>"
    row = send(signed_in, "post", "", {"anime_id": anime.pk, "notes": words, "tags": [words[:20]]}).json()
    assert row["notes"] == words


class TestMany:
    @pytest.fixture
    def listed(self, user: User) -> list[Anime]:
        titles = ("beta", "Alpha", "Ёлка")
        anime = [AnimeFactory.create(title=t, year=2018 + n, document=True) for n, t in enumerate(titles)]
        entry_set(user=user, anime_id=anime[0].pk, status="watching", score=50, episodes_watched=4, tags=["a", "b"])
        entry_set(user=user, anime_id=anime[1].pk, status="completed", started_on="2024", is_favourite=True, tags=["a"])
        entry_set(user=user, anime_id=anime[2].pk, score=90, is_private=True, notes="secret")
        return anime

    def test_filters(self, signed_in: Client, listed: list[Anime]) -> None:
        TitleFactory.create(anime=listed[0], text="Второе Имя")
        for query, expected in {
            "status=watching": ["beta"],
            "q=BET": ["beta"],
            "q=второе": ["beta"],
            "q=ёлка": ["Ёлка"],
            "q=%25": [],
            "tag=a": ["Alpha", "beta"],
            "tag=a&tag=b": ["beta"],
            "is_favourite=true": ["Alpha"],
            "is_private=true": ["Ёлка"],
            "is_private=false&is_favourite=false": ["beta"],
            "year=2019": ["Alpha"],
        }.items():
            assert names(signed_in.get(f"{URL}?{query}")) == expected, query

    def test_orders(self, signed_in: Client, listed: list[Anime]) -> None:
        for sort, expected in {
            "": ["Ёлка", "Alpha", "beta"],
            "updated": ["beta", "Alpha", "Ёлка"],
            "added": ["beta", "Alpha", "Ёлка"],
            "title": ["Alpha", "beta", "Ёлка"],
            "-title": ["Ёлка", "beta", "Alpha"],
            "score": ["beta", "Ёлка", "Alpha"],
            "-score": ["Ёлка", "beta", "Alpha"],
            "-progress": ["Alpha", "beta", "Ёлка"],
            "started": ["Alpha", "beta", "Ёлка"],
            "finished": ["Alpha"],
        }.items():
            assert names(signed_in.get(f"{URL}?sort={sort}"))[: len(expected)] == expected, sort

    def test_pages(self, signed_in: Client, listed: list[Anime]) -> None:
        page = signed_in.get(f"{URL}?page_size=2&sort=title").json()
        assert (page["count"], len(page["results"]), page["previous"]) == (3, 2, None)
        assert names(signed_in.get(page["next"])) == ["Ёлка"]
        assert names(signed_in.get(f"{URL}?page=99")) == []

    def test_others_see_less(self, signed_in: Client, user: User, listed: list[Anime]) -> None:
        ListEntry.objects.filter(anime=listed[0]).update(notes="mine")
        Anime.objects.filter(pk=listed[1].pk).update(is_adult=True)
        path = f"/api/v1/users/{user.username.lower()}/anime-list"
        rows = Client().get(path).json()["results"]
        assert [(row["title"], row["notes"], row["score"]) for row in rows] == [("beta", "", 50)]
        assert len(signed_in.get(path).json()["results"]) == 3
        assert Client().get(f"{path}?is_private=true").json()["error"] == "unknown_filter"
        ListPreferences.objects.create(user=user, list_visibility="nobody")
        assert Client().get(path).status_code == 404
        assert signed_in.get(path).status_code == 200
        assert Client().get("/api/v1/users/nobody_here/anime-list").status_code == 404

    def test_folders(self, signed_in: Client, listed: list[Anime]) -> None:
        assert signed_in.get(f"{URL}/tags").json() == [{"name": "a", "count": 2}, {"name": "b", "count": 1}]

    def test_more_rows_take_no_more_queries(self, signed_in: Client, user: User, listed: list[Anime]) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as own:
                signed_in.get(f"{URL}?page_size=100")
            with CaptureQueriesContext(connection) as public:
                Client().get(f"/api/v1/users/{user.username}/anime-list?page_size=100")
            with CaptureQueriesContext(connection) as history:
                signed_in.get(f"{URL}/history")
            counts.append((len(own), len(public), len(history)))
            for one in AnimeFactory.create_batch(5):
                entry_set(user=user, anime_id=one.pk, score=10, tags=["a", "z"])
        assert counts[0] == counts[1]

    @pytest.mark.parametrize("query", ["user__password__startswith=a", "user=1", "notes=x", "ordering=notes", "id=1"])
    def test_undeclared_filters_are_refused(self, signed_in: Client, user: User, query: str) -> None:
        paths = (URL, f"{URL}/tags", f"{URL}/history", f"/api/v1/users/{user.username}/anime-list", f"{URL}/1")
        for path in (*paths, f"/api/v1/users/{user.username}/anime-list/history"):
            answer = signed_in.get(f"{path}?{query}")
            assert (answer.status_code, answer.json()["error"]) == (400, "unknown_filter"), path

    @pytest.mark.parametrize(
        "query",
        ["sort=user__password", "status=seen", "is_favourite=1", "year=x", "page_size=101", "q=%00", f"q={'x' * 101}"],
    )
    def test_values_are_closed_sets(self, signed_in: Client, query: str) -> None:
        assert signed_in.get(f"{URL}?{query}").status_code == 422


def test_extra_fields_are_not_taken(signed_in: Client, user: User, anime: Anime) -> None:
    other = UserFactory.create()
    extra = {
        "user": str(other.pk),
        "user_id": str(other.pk),
        "is_staff": True,
        "extras": {"mal": 1},
        "id": str(other.pk),
    }
    row = send(signed_in, "post", "", {"anime_id": anime.pk, "created_at": "2000-01-01T00:00:00Z", **extra}).json()
    send(signed_in, "patch", f"/{anime.pk}", {"score": 1, **extra})
    stored = ListEntry.objects.get()
    assert (stored.user_id, stored.extras, str(stored.pk)) == (user.pk, {}, row["id"])
    assert row["id"] != str(other.pk)
    assert stored.created_at.year > 2000
    user.refresh_from_db()
    assert not user.is_staff


def test_strangers_are_refused(anime: Anime) -> None:
    client = Client()
    for method, path in (
        ("get", ""), ("post", ""), ("get", f"/{anime.pk}"), ("patch", f"/{anime.pk}"), ("delete", f"/{anime.pk}"),
        ("post", f"/{anime.pk}/episode"), ("delete", "/shikimori/1"), ("get", "/tags"), ("post", "/bulk"),
        ("get", "/history"), ("delete", "/history"),
    ):  # fmt: skip
        answer = send(client, method, path, {} if method in ("post", "patch") else None)
        assert (answer.status_code, answer.json()["error"]) == (401, "not_authenticated"), path


def test_query_counts(signed_in: Client, user: User, anime: Anime) -> None:
    for one in AnimeFactory.create_batch(3, document=True):
        entry_set(user=user, anime_id=one.pk, status="watching", score=5, tags=["a"])
    with assert_queries("lists/GET anime-list"):
        signed_in.get(URL)
    with assert_queries("lists/GET users/{username}/anime-list"):
        Client().get(f"/api/v1/users/{user.username}/anime-list")
    with assert_queries("lists/POST anime-list"):
        send(signed_in, "post", "", {"anime_id": anime.pk, "score": 50, "tags": ["a"]})
    with assert_queries("lists/PATCH anime-list/{anime_id}"):
        send(signed_in, "patch", f"/{anime.pk}", {"status": "on_hold"})
    with assert_queries("lists/POST anime-list/{anime_id}/episode"):
        send(signed_in, "post", f"/{anime.pk}/episode")
    with assert_queries("lists/GET anime-list/{anime_id}"):
        signed_in.get(f"{URL}/{anime.pk}")
    with assert_queries("lists/GET anime-list/tags"):
        signed_in.get(f"{URL}/tags")
    with assert_queries("lists/DELETE anime-list/{anime_id}"):
        signed_in.delete(f"{URL}/{anime.pk}")
    with assert_queries("lists/DELETE anime-list/shikimori/{shikimori_id}"):
        signed_in.delete(f"{URL}/shikimori/5114")
