"""`/collections` over HTTP."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.media.images import image_store
from core.tests.media.pictures import picture
from lists.models import Collection, CollectionItem
from lists.services import entry_set
from lists.services.collection_groups import group_create
from lists.services.collection_items import ItemDraft, items_add
from lists.services.collection_social import reaction_set
from lists.services.collections import collection_fork, collection_update
from lists.tests.collections import collection_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
URL = "/api/v1/collections"


@pytest.fixture
def owner() -> User:
    return UserFactory.create()


@pytest.fixture
def other() -> User:
    return UserFactory.create()


def call(user: User | None, method: str, path: str, body: Any = None) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    raw = b"" if body is None else json.dumps(body).encode()
    return client.generic(method, f"/api/v1/{path}", raw, content_type="application/json")


def titles(user: User | None, query: str = "") -> list[str]:
    answer = call(user, "GET", f"collections{query}")
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()]


def test_made_changed_and_deleted(owner: User) -> None:
    cover = image_store(file=picture(), purpose="cover", owner=owner)
    answer = call(owner, "POST", "collections", {"title": "Shelf", "cover_id": str(cover.pk), "is_featured": True})
    found = answer.json()
    assert answer.status_code == 201
    assert (found["visibility"], found["is_public"], found["is_featured"]) == ("private", False, False)
    assert (found["user_id"], found["owner"]["username"]) == (str(owner.pk), owner.username)
    assert found["cover_url"].endswith(".webp")
    path = f"collections/{found['id']}"
    changed = call(owner, "PATCH", path, {"visibility": "public", "cover_id": None}).json()
    assert (changed["visibility"], changed["cover_url"], changed["title"]) == ("public", None, "Shelf")
    assert call(None, "GET", path).json()["anime_count"] == 0
    for body in ({"visibility": "secret"}, {"title": ""}, {"cover_id": str(owner.pk)}):
        assert call(owner, "PATCH", path, body).status_code == 422
    assert call(owner, "DELETE", path).status_code == 204
    assert call(owner, "GET", path).status_code == 404


def test_which_are_listed_to_whom(owner: User, other: User) -> None:
    for visibility in ("public", "unlisted", "private"):
        collection_of(owner, title=visibility, visibility=visibility)
        collection_of(other, title=f"theirs {visibility}", visibility=visibility)
    mine = f"?user_id={owner.pk}"
    assert set(titles(None)) == set(titles(owner)) == {"public", "theirs public"}
    assert set(titles(owner, mine)) == {"public", "unlisted", "private"}
    assert titles(other, mine) == titles(None, mine) == ["public"]
    assert titles(owner, f"{mine}&visibility=public") == titles(owner, f"{mine}&is_public=true") == ["public"]
    for visibility in ("unlisted", "private"):
        query = f"{mine}&visibility={visibility}"
        assert titles(owner, query) == [visibility]
        assert titles(other, query) == [f"theirs {visibility}"]  # always the caller's own
        assert call(None, "GET", f"collections{query}").status_code == 401
    assert len(titles(None, "?limit=1")) == len(titles(None, "?limit=1&offset=1")) == 1
    assert titles(None, "?offset=2") == []
    assert titles(None, "?q=theirs&is_public=true") == ["theirs public"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?user_id=me", 422),
        ("?visibility=secret", 422),
        ("?is_public=perhaps", 422),
        ("?limit=101", 422),
        ("?limit=0", 422),
        ("?offset=-1", 422),
        ("?sort=owner__password", 422),
        ("?owner__password__startswith=a", 400),
        ("?q=%00", 422),
        ("?q=%27%20OR%201=1--", 200),
    ],
)
def test_bad_questions(query: str, status: int) -> None:
    assert call(None, "GET", f"collections{query}").status_code == status


def test_pages_of_many_ask_as_often_as_pages_of_few(owner: User, other: User) -> None:
    def fill(count: int) -> None:
        for n in range(count):
            made = collection_of(owner, title=str(n), items=2)
            reaction_set(actor=other, collection=made, value="like")
            copy = collection_fork(actor=other, collection=made)
            collection_update(actor=other, collection=copy, visibility="public")

    client = Client()
    client.force_login(other)
    fill(1)
    with assert_queries("lists/GET collections"):
        assert len(client.get(URL).json()) == 2
    fill(5)
    with assert_queries("lists/GET collections"):
        rows = client.get(URL).json()
    assert len(rows) == 12
    assert {row["anime_count"] for row in rows} == {2}
    assert sum(row["like_count"] for row in rows) == 6
    assert sum(row["forked_from_id"] is not None for row in rows) == 6


def test_items_ask_as_often_with_few_as_with_many(owner: User) -> None:
    found = collection_of(owner)
    path = f"{URL}/{found.pk}/items"
    for expected in (1, 6):
        animes = [AnimeFactory.create(document=True) for _ in range(1 if expected == 1 else 5)]
        items_add(actor=owner, collection=found, drafts=[ItemDraft(anime_id=anime.pk) for anime in animes])
        with assert_queries("lists/GET collections/{id}/items"):
            assert len(Client().get(path).json()) == expected
    with assert_queries("lists/GET collections/{id}"):
        assert Client().get(f"{URL}/{found.pk}").json()["anime_count"] == 6


def test_items_are_added_moved_and_removed(owner: User, other: User) -> None:
    found = collection_of(owner)
    path = f"collections/{found.pk}/items"
    ours = AnimeFactory.create(document=True, title="Ours")
    body = {
        "items": [
            {"anime_id": 5, "anime_title": "Five", "anime_src": "javascript:alert(1)"},
            {"anime_id": 5, "anime_title": "Again"},
            {"anime_id": 6, "anime_title": "Six", "anime_src": "https://example.org/6.jpg"},
            {"local_anime_id": ours.pk, "note": "mine"},
        ]
    }
    client = Client()
    client.force_login(owner)
    with assert_queries("lists/POST collections/{id}/items"):
        answer = client.post(f"/api/v1/{path}", body, content_type="application/json")
    assert (answer.status_code, answer.json()["added"], answer.json()["skipped"]) == (201, 3, 1)
    rows = call(other, "GET", path).json()
    assert [(r["anime_id"], r["local_anime_id"], r["anime_title"], r["anime_src"], r["position"]) for r in rows] == [
        (5, None, "Five", "", 0),
        (6, None, "Six", "https://example.org/6.jpg", 1),
        (None, ours.pk, "Ours", "", 2),
    ]
    assert [r["position"] for r in call(None, "GET", f"{path}?limit=1&offset=1").json()] == [1]
    group = call(owner, "POST", f"collections/{found.pk}/groups", {"name": "Top", "tier_label": "S"}).json()
    moved = call(owner, "PATCH", f"{path}/{rows[2]['id']}", {"group_id": group["id"], "position": 0}).json()
    assert (moved["group_id"], moved["position"], moved["note"]) == (group["id"], 0, "mine")
    assert call(owner, "PATCH", f"{path}/{rows[2]['id']}", {"group_id": None}).json()["group_id"] is None
    assert call(owner, "DELETE", f"{path}/{rows[0]['id']}").status_code == 204
    assert call(owner, "DELETE", f"collections/items/{rows[1]['id']}").status_code == 204
    assert [(r["anime_title"], r["position"]) for r in call(None, "GET", path).json()] == [("Ours", 0)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"items": 5},
        {"items": [5]},
        {"items": [{}]},
        {"items": [{"anime_id": "x"}]},
        {"items": [{"anime_id": 0}]},
        {"items": [{"anime_id": 2**63}]},
        {"items": [{"local_anime_id": 999_999}]},
        {"items": [{"anime_id": 1, "note": "x" * 501}]},
        {"items": [{"anime_id": 1}], "group_id": "00000000-0000-7000-8000-000000000000"},
        {"items": [{"anime_id": n + 1} for n in range(501)]},
    ],
)
def test_bad_items_add_nothing(owner: User, body: Any) -> None:
    found = collection_of(owner)
    answer = call(owner, "POST", f"collections/{found.pk}/items", body)
    assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")
    assert not CollectionItem.objects.exists()


def test_ids_of_another_collection_are_not_found(owner: User, other: User) -> None:
    mine, theirs = collection_of(owner, items=1), collection_of(other, items=1)
    foreign = CollectionItem.objects.get(collection=theirs)
    group = group_create(actor=other, collection=theirs, name="Theirs")
    own = CollectionItem.objects.get(collection=mine)
    before = list(CollectionItem.objects.values_list())
    path = f"collections/{mine.pk}"
    assert call(owner, "PATCH", f"{path}/items/{foreign.pk}", {"position": 0}).status_code == 404
    assert call(owner, "DELETE", f"{path}/items/{foreign.pk}").status_code == 404
    assert call(owner, "DELETE", f"collections/items/{foreign.pk}").status_code == 404
    assert call(owner, "PATCH", f"{path}/groups/{group.pk}", {"name": "x"}).status_code == 404
    assert call(owner, "PATCH", f"{path}/items/{own.pk}", {"group_id": str(group.pk)}).status_code == 422
    assert list(CollectionItem.objects.values_list()) == before


def test_groups(owner: User) -> None:
    path = f"collections/{collection_of(owner).pk}/groups"
    assert call(None, "GET", path).json() == []
    made = call(owner, "POST", path, {"name": "Top", "description": "Best", "tier_label": "A+"})
    assert made.status_code == 201
    assert call(owner, "POST", path, {"name": "x", "tier_label": "SSSSS"}).status_code == 422
    assert call(owner, "POST", path, {"tier_label": "S"}).status_code == 422
    one = f"{path}/{made.json()['id']}"
    changed = call(owner, "PATCH", one, {"tier_label": None, "sort_order": 9}).json()
    assert (changed["tier_label"], changed["sort_order"], changed["name"]) == (None, 9, "Top")
    assert [row["name"] for row in call(None, "GET", path).json()] == ["Top"]
    assert call(owner, "DELETE", one).status_code == 204


def test_what_people_say(owner: User, other: User) -> None:
    path = f"collections/{collection_of(owner).pk}"
    assert call(other, "POST", f"{path}/reaction", {"reaction": "dislike"}).json()["my_reaction"] == "dislike"
    assert call(owner, "POST", f"{path}/reaction", {"reaction": "like"}).status_code == 200
    assert call(other, "POST", f"{path}/reaction", {"reaction": "love"}).status_code == 422
    assert call(other, "POST", f"{path}/favorite").json()["is_favorited"] is True
    assert call(None, "POST", f"{path}/view").json() == {"view_count": 1}
    client = Client()
    client.force_login(other)
    with assert_queries("lists/GET collections/{id}/social"):
        state = client.get(f"/api/v1/{path}/social").json()
    assert state == {
        "like_count": 1,
        "dislike_count": 1,
        "my_reaction": "dislike",
        "favorite_count": 1,
        "is_favorited": True,
        "view_count": 1,
    }
    assert call(None, "GET", f"{path}/social").json()["my_reaction"] is None
    assert titles(other, "?is_favorite=true") == ["Shelf"]
    for tail in ("reaction", "favorite"):
        for _ in range(2):
            assert call(other, "DELETE", f"{path}/{tail}").status_code == 204


def test_copies(owner: User, other: User) -> None:
    found = collection_of(owner, items=2)
    path = f"collections/{found.pk}/fork"
    client = Client()
    client.force_login(other)
    with assert_queries("lists/POST collections/{id}/fork"):
        copy = client.post(f"/api/v1/{path}", content_type="application/json").json()
    assert (copy["title"], copy["visibility"], copy["anime_count"]) == ("Shelf", "private", 2)
    assert (copy["forked_from_id"], copy["user_id"]) == (str(found.pk), str(other.pk))
    assert call(other, "POST", path, {"title": "Mine"}).json()["title"] == "Mine"
    assert call(other, "POST", path, {"title": "x" * 121}).status_code == 422


def test_challenges(owner: User, other: User) -> None:
    found, anime = collection_of(owner), AnimeFactory.create(document=True)
    items_add(actor=owner, collection=found, drafts=[ItemDraft(anime_id=anime.pk)])
    path, admin = f"collections/{found.pk}/challenge", UserFactory.create(role="admin")
    answer = call(other, "POST", f"{path}/claim")
    assert (answer.status_code, answer.json()["error"]) == (400, "not_a_challenge")
    for body in ({"coin_reward": 5_001}, {"coin_reward": -1}, {"is_challenge": "perhaps"}):
        assert call(admin, "PATCH", f"admin/{path}", body).status_code == 422
    made = call(admin, "PATCH", f"admin/{path}", {"is_challenge": True, "coin_reward": 50}).json()
    assert (made["is_challenge"], made["coin_reward"]) == (True, 50)
    answer = call(other, "POST", f"{path}/claim")
    assert (answer.status_code, answer.json()["error"]) == (400, "challenge_not_complete")
    entry_set(user=other, anime_id=anime.pk, status="completed")
    client = Client()
    client.force_login(other)
    with assert_queries("lists/GET collections/{id}/challenge/progress"):
        progress = client.get(f"/api/v1/{path}/progress").json()
    assert (progress["completed"], progress["total"], progress["percent"], progress["is_complete"]) == (1, 1, 100, True)
    with assert_queries("lists/POST collections/{id}/challenge/claim"):
        assert client.post(f"/api/v1/{path}/claim").json()["is_claimed"] is True
    answer = call(other, "POST", f"{path}/claim")
    assert (answer.status_code, answer.json()["error"]) == (409, "challenge_already_claimed")
    assert answer.json()["progress"]["completed"] == 1
    assert call(None, "GET", f"{path}/progress").json() == {
        "is_challenge": True,
        "coin_reward": 50,
        "total": 0,
        "completed": 0,
        "percent": 0,
        "is_complete": False,
        "is_claimed": False,
        "claimed_at": None,
    }


def test_featured_ones_are_pinned(owner: User) -> None:
    first = collection_of(owner, title="First")
    collection_of(owner, title="Second")
    assert titles(None) == ["Second", "First"]
    admin = UserFactory.create(role="admin")
    assert call(admin, "PATCH", f"admin/collections/{first.pk}/featured", {}).json()["is_featured"] is True
    assert titles(None) == ["First", "Second"]
    path = f"admin/collections/{first.pk}/featured"
    assert call(admin, "PATCH", path, {"is_featured": False}).json()["is_featured"] is False


def test_fields_nobody_offered_are_not_taken(owner: User, other: User) -> None:
    """Threat 18."""
    found = collection_of(owner)
    forbidden = {
        "is_featured": True,
        "is_challenge": True,
        "coin_reward": 5_000,
        "view_count": 9,
        "owner": str(other.pk),
        "owner_id": str(other.pk),
        "user_id": str(other.pk),
        "forked_from": str(found.pk),
        "forked_from_id": str(found.pk),
        "id": str(other.pk),
        "created_at": "2000-01-01T00:00:00Z",
    }
    values = Collection.objects.values(
        "id", "owner", "is_featured", "is_challenge", "coin_reward", "view_count", "forked_from", "created_at"
    )
    before = values.get()
    assert call(owner, "PATCH", f"collections/{found.pk}", {"title": "New", **forbidden}).status_code == 200
    assert values.get() == before
    made = call(owner, "POST", "collections", {"title": "x", **forbidden}).json()
    assert (made["is_featured"], made["is_challenge"], made["coin_reward"], made["view_count"]) == (False, False, 0, 0)
    assert (made["user_id"], made["forked_from_id"]) == (str(owner.pk), None)
    assert made["id"] != str(other.pk)
