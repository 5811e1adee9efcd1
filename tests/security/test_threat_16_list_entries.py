"""Threats 16 and 30: nobody reaches into another's list, its history or its bulk edits; a key does what it was granted."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiKey, User
from accounts.services.api_keys import api_key_create
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from lists.facade import entry_set, episode_next
from lists.models import EntryTag, ListActivity, ListEntry, WatchedEpisode
from lists.services import entries_change
from tests.permissions.snapshots import table_contents

pytestmark = pytest.mark.django_db

URL = "/api/v1/anime-list"
TABLES = [model._meta.db_table for model in (ListEntry, EntryTag, ListActivity, WatchedEpisode)]


@pytest.fixture
def owner() -> User:
    return UserFactory.create()


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory.create(mal_id=41)


@pytest.fixture
def batch(owner: User, anime: Anime) -> uuid.UUID:
    """The owner's list, with a private entry, an episode and a bulk edit."""
    entry_set(user=owner, anime_id=anime.pk, is_private=True, notes="secret", tags=["secret"], score=5)
    episode_next(user=owner, anime_id=anime.pk)
    return entries_change(user=owner, anime_ids=[anime.pk], source="site", is_favourite=True).batch


def tables() -> dict[str, Any]:
    return table_contents(TABLES)


def test_a_stranger_neither_reads_nor_changes(client: Client, owner: User, anime: Anime, batch: uuid.UUID) -> None:
    headers = {"Authorization": f"Bearer {session_start(user=UserFactory.create()).access_token}"}
    before = tables()
    calls = [
        ("delete", f"/{anime.pk}"),
        ("delete", "/shikimori/41"),
        ("post", f"/bulk/{batch}/undo"),
        *(("post", f"/history/{pk}/undo") for pk in ListActivity.objects.values_list("pk", flat=True)),
        *(("get", f"/{wrong}") for wrong in (anime.pk, ListEntry.objects.get().pk)),
        ("delete", f"/{ListEntry.objects.get().pk}"),
    ]
    for method, path in calls:
        answer = getattr(client, method)(f"{URL}{path}", headers=headers)
        assert answer.status_code == 404, (method, path)
    for path in ("", "/tags", "/history"):
        assert b"secret" not in client.get(f"{URL}{path}", headers=headers).content
    for path in ("anime-list", "anime-list/history"):
        assert b"secret" not in client.get(f"/api/v1/users/{owner.username}/{path}", headers=headers).content
    assert tables() == before


@pytest.mark.parametrize("field", ["user", "user_id", "owner", "username", "id", "entry_id"])
def test_no_field_names_another_list(client: Client, owner: User, anime: Anime, batch: uuid.UUID, field: str) -> None:
    headers = {"Authorization": f"Bearer {session_start(user=UserFactory.create()).access_token}"}
    extra = {field: str(owner.pk)}
    before = list(ListEntry.objects.filter(user=owner).values())
    for method, path, body in (
        ("post", "", {"anime_id": anime.pk, "status": "dropped"}),
        ("patch", f"/{anime.pk}", {"score": 99}),
        ("post", f"/{anime.pk}/episode", {}),
        ("post", "/bulk", {"anime_ids": [anime.pk], "status": "dropped"}),
    ):
        answer = getattr(client, method)(
            f"{URL}{path}", {**body, **extra}, content_type="application/json", headers=headers
        )
        assert answer.status_code in (200, 201), answer.content
    assert list(ListEntry.objects.filter(user=owner).values()) == before
    assert ListEntry.objects.count() == 2


def test_a_key_reads_or_writes_as_it_was_granted(client: Client, owner: User, anime: Anime, batch: uuid.UUID) -> None:
    keys = {scope: api_key_create(user=owner, name=scope, scopes=[scope]) for scope in ("lists:read", "lists:write")}
    assert ApiKey.objects.count() == 2
    reads = [("get", path) for path in ("", f"/{anime.pk}", "/tags", "/history")]
    writes = [("post", f"/{anime.pk}/episode"), ("patch", f"/{anime.pk}"), ("post", "/bulk"), ("delete", "/history")]
    for calls, right, wrong in ((reads, "lists:read", "lists:write"), (writes, "lists:write", "lists:read")):
        for method, path in calls:
            sent: dict[str, Any] = {"content_type": "application/json"} if method != "get" else {}
            if method in ("post", "patch"):
                sent["data"] = {"anime_ids": [anime.pk], "score": 1} if path == "/bulk" else {}
            refused = getattr(client, method)(f"{URL}{path}", headers={"X-API-Key": keys[wrong].token}, **sent)
            assert (refused.status_code, refused.json()["error"]) == (403, "scope_missing"), path
            taken = getattr(client, method)(f"{URL}{path}", headers={"X-API-Key": keys[right].token}, **sent)
            assert taken.status_code == 200, (path, taken.content)
