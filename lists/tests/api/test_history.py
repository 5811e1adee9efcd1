"""History, its undo, many entries at once, and the feed that others are shown; over HTTP."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory, UserFactory
from lists.models import ListActivity, ListEntry, ListPreferences
from lists.services import activity_undo, entry_remove, entry_set
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

URL = "/api/v1/anime-list"


@pytest.fixture
def user() -> User:
    return UserFactory.create(username="Keeper", activity_visibility="everyone")


@pytest.fixture
def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def stranger() -> Client:
    client = Client()
    client.force_login(UserFactory.create())
    return client


@pytest.fixture
def listed(user: User) -> list[Anime]:
    anime = [AnimeFactory.create(document=True) for _ in range(3)]
    for one in anime:
        entry_set(user=user, anime_id=one.pk, status="watching")
    return anime


def post(client: Client, path: str, body: Any = None) -> Any:
    return client.post(f"{URL}{path}", body or {}, content_type="application/json")


class TestHistory:
    def test_pages_and_undo(self, signed_in: Client, listed: list[Anime]) -> None:
        signed_in.patch(f"{URL}/{listed[0].pk}", {"score": 80, "notes": "n"}, content_type="application/json")
        first = signed_in.get(f"{URL}/history?page_size=3").json()
        row = first["results"][0]
        assert (row["kind"], row["source"], row["anime"]["id"]) == ("changed", "api", listed[0].pk)
        assert {"field": "score", "before": None, "after": 80} in row["changes"]
        rest = signed_in.get(first["next"]).json()
        assert [len(first["results"]), len(rest["results"]), rest["next"]] == [3, 1, None]
        assert len(signed_in.get(f"{URL}/history?anime_id={listed[0].pk}").json()["results"]) == 2
        done = post(signed_in, f"/history/{row['id']}/undo").json()
        assert (done["id"], done["anime_id"], done["undone_at"] is not None) == (row["id"], listed[0].pk, True)
        assert signed_in.get(f"{URL}/{listed[0].pk}").json()["score"] is None
        again = post(signed_in, f"/history/{row['id']}/undo")
        assert (again.status_code, again.json()["error"]) == (409, "already_undone")
        assert signed_in.get(f"{URL}/history?cursor=x").status_code == 400

    def test_clear(self, signed_in: Client, listed: list[Anime]) -> None:
        assert signed_in.delete(f"{URL}/history").json() == {"deleted": 3}
        assert signed_in.get(f"{URL}/history").json()["results"] == []
        assert ListEntry.objects.count() == 3

    def test_others_undo_nothing(self, stranger: Client, listed: list[Anime]) -> None:
        for activity in ListActivity.objects.all():
            assert post(stranger, f"/history/{activity.pk}/undo").status_code == 404
        assert stranger.get(f"{URL}/history").json()["results"] == []
        assert stranger.delete(f"{URL}/history").json() == {"deleted": 0}
        assert ListActivity.objects.filter(undone_at=None).count() == 3


class TestFeed:
    def shown(self, client: Client) -> list[Any]:
        answer = client.get("/api/v1/users/keeper/anime-list/history")
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    def test_what_others_read(self, stranger: Client, user: User, listed: list[Anime]) -> None:
        entry_set(user=user, anime_id=listed[0].pk, score=70, notes="secret", tags=["mine"])
        rows = self.shown(stranger)
        assert rows[0]["changes"] == [{"field": "score", "before": None, "after": 70}]
        assert set(rows[0]) == {"id", "kind", "anime_id", "title", "anime", "changes", "created_at"}
        assert "secret" not in json.dumps(rows)
        entry_set(user=user, anime_id=listed[0].pk, notes="more")
        assert len(self.shown(Client())) == len(rows) == 4

    def test_what_they_do_not(self, stranger: Client, user: User, listed: list[Anime]) -> None:
        private, adult, gone = listed
        entry_set(user=user, anime_id=private.pk, is_private=True)
        Anime.objects.filter(pk=adult.pk).update(is_adult=True)
        removal = entry_remove(user=user, anime_id=gone.pk)
        assert self.shown(stranger) == []
        assert removal is not None
        activity_undo(user=user, activity_id=removal.pk)
        assert [row["anime_id"] for row in self.shown(stranger)] == [gone.pk]
        ListActivity.objects.update(source="import")
        assert self.shown(stranger) == []

    def test_what_was_private_stays_so_when_it_comes_back(self, stranger: Client, user: User) -> None:
        anime = AnimeFactory.create(document=True)
        entry_set(user=user, anime_id=anime.pk, is_private=True, score=5)
        entry_remove(user=user, anime_id=anime.pk)
        entry_set(user=user, anime_id=anime.pk, status="dropped")
        assert [row["changes"][0]["after"] for row in self.shown(stranger)] == ["dropped"]

    def test_only_where_it_is_shown(self, stranger: Client, signed_in: Client, user: User, listed: list[Anime]) -> None:
        url = "/api/v1/users/keeper/anime-list/history"
        User.objects.filter(pk=user.pk).update(activity_visibility="nobody")
        assert stranger.get(url).status_code == Client().get(url).status_code == 404
        assert signed_in.get(url).status_code == 200
        User.objects.filter(pk=user.pk).update(activity_visibility="everyone")
        ListPreferences.objects.create(user=user, list_visibility="nobody")
        assert stranger.get(url).status_code == 404


class TestBulk:
    def test_change_and_back(self, signed_in: Client, listed: list[Anime]) -> None:
        ids = [one.pk for one in listed]
        done = post(signed_in, "/bulk", {"anime_ids": [*ids, 10**12], "status": "dropped", "add_tags": ["x"]}).json()
        assert (done["changed"], done["unchanged"]) == (3, 0)
        assert done["refused"] == [{"anime_id": 10**12, "error": "not_found"}]
        assert signed_in.get(f"{URL}?status=dropped&tag=x").json()["count"] == 3
        assert post(signed_in, f"/bulk/{done['batch']}/undo").json() == {"undone": 3, "left": 0}
        assert signed_in.get(f"{URL}?status=watching").json()["count"] == 3
        again = post(signed_in, f"/bulk/{done['batch']}/undo")
        assert (again.status_code, again.json()["error"]) == (409, "already_undone")

    def test_remove_and_back(self, signed_in: Client, listed: list[Anime]) -> None:
        done = post(signed_in, "/bulk", {"anime_ids": [one.pk for one in listed], "remove": True}).json()
        assert done["changed"] == 3
        assert not ListEntry.objects.exists()
        assert post(signed_in, f"/bulk/{done['batch']}/undo").json() == {"undone": 3, "left": 0}

    @pytest.mark.parametrize(
        "bad",
        [
            {},
            {"anime_ids": []},
            {"anime_ids": [1]},
            {"anime_ids": [1], "remove": True, "score": 1},
            {"anime_ids": [1], "remove": "true"},
            {"anime_ids": ["1"], "score": 1},
            {"anime_ids": [1], "score": 101},
            {"anime_ids": [1], "notes": "x"},
            {"anime_ids": [1], "add_tags": ["x" * 51]},
            {"anime_ids": [10**30], "score": 1},
            {"anime_ids": "all", "score": 1},
            {"anime_ids": list(range(1, 10_001)), "remove": True},
        ],
    )
    def test_bad_input(self, signed_in: Client, listed: list[Anime], bad: dict) -> None:
        answer = post(signed_in, "/bulk", bad)
        assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")
        assert len(answer.content) < 2_000
        assert ListActivity.objects.count() == 3

    def test_others_lists_are_out_of_reach(self, stranger: Client, signed_in: Client, listed: list[Anime]) -> None:
        ids = [one.pk for one in listed]
        before = list(ListEntry.objects.values())
        assert post(stranger, "/bulk", {"anime_ids": ids, "remove": True}).json()["changed"] == 0
        assert post(stranger, "/bulk", {"anime_ids": ids, "score": 1}).json()["changed"] == 0
        assert list(ListEntry.objects.values()) == before
        batch = post(signed_in, "/bulk", {"anime_ids": ids, "score": 1}).json()["batch"]
        for one in (batch, uuid.uuid4()):
            assert post(stranger, f"/bulk/{one}/undo").status_code == 404


def test_query_counts(signed_in: Client, stranger: Client, user: User, listed: list[Anime]) -> None:
    ids = [one.pk for one in listed]
    with assert_queries("lists/GET anime-list/history"):
        signed_in.get(f"{URL}/history")
    with assert_queries("lists/GET users/{username}/anime-list/history"):
        stranger.get("/api/v1/users/keeper/anime-list/history")
    with assert_queries("lists/POST anime-list/bulk"):
        batch = post(signed_in, "/bulk", {"anime_ids": ids, "status": "dropped", "score": 5, "add_tags": ["x"]}).json()
    with assert_queries("lists/POST anime-list/bulk/{batch}/undo"):
        post(signed_in, f"/bulk/{batch['batch']}/undo")
    activity = entry_set(user=user, anime_id=ids[0], notes="n").activity
    assert activity is not None
    with assert_queries("lists/POST anime-list/history/{id}/undo"):
        post(signed_in, f"/history/{activity.pk}/undo")
    with assert_queries("lists/DELETE anime-list/history"):
        signed_in.delete(f"{URL}/history")
