"""Threat 16: what belongs to one person is neither read nor changed by another, whatever ids they send."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from lists.facade import entry_set, progress_save
from lists.models import ListEntry, WatchProgress
from tests.permissions.snapshots import table_contents

pytestmark = pytest.mark.django_db

URL = "/api/v1/users/me/progress"
TABLE = WatchProgress._meta.db_table


@pytest.fixture
def owner() -> User:
    return UserFactory.create()


@pytest.fixture
def row(owner: User) -> WatchProgress:
    progress_save(user=owner, anime_id=AnimeFactory.create().pk, episode_number=1, position=600, duration=1400)
    return WatchProgress.objects.get()


@pytest.fixture
def stranger() -> dict[str, str]:
    return {"Authorization": f"Bearer {session_start(user=UserFactory.create()).access_token}"}


def rows_of(owner: User) -> list[Any]:
    return list(WatchProgress.objects.filter(user=owner).values_list())


def test_a_stranger_reads_nothing(client: Client, row: WatchProgress, stranger: dict[str, str]) -> None:
    assert client.get(URL, headers=stranger).json() == []
    assert client.get(f"{URL}?anime_id={row.anime_id}", headers=stranger).json() == []


@pytest.mark.parametrize("field", ["user", "user_id", "owner", "id", "pk"])
def test_a_stranger_changes_nothing(
    client: Client, owner: User, row: WatchProgress, stranger: dict[str, str], field: str
) -> None:
    before = rows_of(owner)
    value = row.pk if field in ("id", "pk") else str(owner.pk)
    one = {"anime_id": row.anime_id, "episode_num": 1, "timecode": 5, "duration": 1400, field: value}
    assert client.put(URL, one, content_type="application/json", headers=stranger).status_code == 200
    many = {"entries": [{**one, "updated_at": "2100-01-01T00:00:00Z"}], field: value}
    assert client.post(f"{URL}/import", many, content_type="application/json", headers=stranger).status_code == 200
    assert client.delete(f"{URL}?anime_id={row.anime_id}", headers=stranger).status_code == 200
    assert client.delete(URL, headers=stranger).status_code == 200
    assert rows_of(owner) == before


@pytest.mark.parametrize("field", ["user", "user_id", "owner"])
def test_naming_another_in_the_query_is_refused(
    client: Client, owner: User, row: WatchProgress, stranger: dict[str, str], field: str
) -> None:
    before = table_contents([TABLE])
    response = client.get(f"{URL}?{field}={owner.pk}", headers=stranger)
    assert (response.status_code, response.json()["error"]) == (400, "unknown_filter")
    assert table_contents([TABLE]) == before


def test_pages_touch_only_what_is_mine(client: Client, owner: User, row: WatchProgress) -> None:
    client.force_login(UserFactory.create())
    before = rows_of(owner)
    form = {"anime_id": row.anime_id, "episode_num": 1, "timecode": 5, "duration": 1400, "user": str(owner.pk)}
    assert client.post("/watch/progress", form).status_code == 204
    assert client.post(f"/watch/progress/{row.anime_id}/remove").status_code in (200, 302)
    assert rows_of(owner) == before


def test_a_list_entry_of_another_is_neither_seen_nor_changed(client: Client, owner: User) -> None:
    anime = AnimeFactory.create(document=True)
    entry_set(user=owner, anime_id=anime.pk, status="watching", score=77)
    before = list(ListEntry.objects.values_list())
    other = UserFactory.create()
    client.force_login(other)
    assert "77" not in client.get(f"/anime/{anime.pk}-{anime.slug}").content.decode().split('id="list-menu"')[1][:400]
    assert "<b>0</b>" in client.get("/browse?on_list=true").content.decode()
    for field in ("user", "user_id", "owner", "id", "pk"):
        form = {"status": "dropped", "score": "5", field: str(owner.pk if "i" not in field else before[0][0])}
        assert client.post(f"/anime/{anime.pk}/list", form).status_code == 302
    assert list(ListEntry.objects.filter(user=owner).values_list()) == before
    client.post(f"/anime/{anime.pk}/list", {"status": "none"})
    assert list(ListEntry.objects.values_list()) == before


def test_a_session_is_ended_by_its_own_person_only(client: Client, owner: User) -> None:
    mine, theirs = session_start(user=UserFactory.create()), session_start(user=owner)
    headers = {"Authorization": f"Bearer {mine.access_token}"}
    body = {"refresh_token": theirs.refresh_token, "refresh": theirs.refresh_token, "user": str(owner.pk)}
    client.post("/api/v1/auth/logout", body, content_type="application/json", headers=headers)
    assert client.get("/api/v1/auth/me", headers=headers).status_code == 401
    still = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {theirs.access_token}"})
    assert still.status_code == 200
