"""`/users/me/progress` over HTTP."""

import pytest
from django.test import Client

from catalog.facade import anime_merge
from catalog.tests.factories import AnimeFactory, UserFactory
from lists.models import ListEntry, WatchProgress
from lists.services.entries import entry_set

URL = "/api/v1/users/me/progress"


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
class TestProgressEndpoint:
    def test_put_then_get(self, signed_in: Client) -> None:
        anime = AnimeFactory()
        body = {
            "anime_id": anime.id,
            "episode_num": 2,
            "timecode": 61.5,
            "duration": 1440,
            "translation_id": "demo-dub",
        }
        answer = signed_in.put(URL, {**body, "updated_at": "1999-01-01T00:00:00Z"}, content_type="application/json")
        assert answer.status_code == 200
        assert answer.json()["updated_at"] > "2026"
        rows = signed_in.get(URL, {"anime_id": anime.id}).json()
        assert [{name: row[name] for name in body} for row in rows] == [body]
        assert rows[0]["updated_at"].endswith("Z")
        assert len(signed_in.get(URL).json()) == 1

    def test_the_answer_says_what_counted_and_the_undo_takes_it_back(self, signed_in: Client) -> None:
        anime = AnimeFactory(episode_count=12)
        body = {"anime_id": anime.id, "episode_num": 3, "timecode": 1300, "duration": 1440}
        early = signed_in.put(URL, {**body, "timecode": 60}, content_type="application/json").json()
        told = ("counted", "activity_id", "status", "episodes_watched")
        assert [early[name] for name in told] == [False, None, None, None]
        late = signed_in.put(URL, body, content_type="application/json").json()
        assert (late["counted"], late["status"], late["episodes_watched"]) == (True, "watching", 3)
        undo = f"/api/v1/anime-list/history/{late['activity_id']}/undo"
        assert signed_in.post(undo).status_code == 200
        assert not signed_in.put(URL, {**body, "timecode": 1400}, content_type="application/json").json()["counted"]
        assert not ListEntry.objects.exists()

    def test_the_beacon_of_a_page_that_is_left_counts_too(self, signed_in: Client, user) -> None:
        anime = AnimeFactory(episode_count=12)
        form = {"anime_id": anime.id, "episode_num": 1, "timecode": 1300, "duration": 1440}
        assert signed_in.post("/watch/progress", form).status_code == 204
        assert ListEntry.objects.get(user=user).episodes_watched == 1

    @pytest.mark.parametrize(
        "bad",
        [
            {},
            {"anime_id": 1, "episode_num": 0, "timecode": 1},
            {"anime_id": 1, "episode_num": 1, "timecode": -1},
            {"anime_id": "x", "episode_num": 1, "timecode": 1},
            {"anime_id": 1, "episode_num": 1, "timecode": 1, "translation_id": "x" * 65},
            {"anime_id": 10**30, "episode_num": 1, "timecode": 1},
        ],
    )
    def test_bad_input_is_422_and_changes_nothing(self, signed_in: Client, bad: dict) -> None:
        answer = signed_in.put(URL, bad, content_type="application/json")
        assert answer.status_code == 422
        assert answer.json()["error"] == "validation_failed"
        assert answer["Content-Type"] == "application/problem+json"
        assert WatchProgress.objects.count() == 0

    def test_strangers_are_refused(self) -> None:
        for call in (Client().get(URL), Client().put(URL), Client().delete(URL), Client().post(f"{URL}/import")):
            assert call.status_code == 401
            assert call.json()["error"] == "not_authenticated"

    def test_a_site_session_needs_its_csrf_token(self, user) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        assert client.put(URL, {}, content_type="application/json").status_code == 403

    def test_import_and_its_cap(self, signed_in: Client) -> None:
        anime = AnimeFactory()
        row = {"anime_id": anime.id, "episode_num": 1, "timecode": 5, "updated_at": "2026-01-01T00:00:00Z"}
        answer = signed_in.post(f"{URL}/import", {"entries": [row, {"anime_id": -1}]}, content_type="application/json")
        assert answer.json() == {"imported": 1, "kept": 0, "dropped": 1}
        too_many = signed_in.post(f"{URL}/import", {"entries": [1] * 5001}, content_type="application/json")
        assert too_many.status_code == 422

    def test_delete_one_anime_or_all(self, signed_in: Client, user) -> None:
        anime, other = AnimeFactory(), AnimeFactory()
        for one in (anime, other):
            signed_in.put(URL, {"anime_id": one.id, "episode_num": 1, "timecode": 1}, content_type="application/json")
        assert signed_in.delete(f"{URL}?anime_id={anime.id}").json() == {"deleted": 1}
        assert signed_in.delete(URL).json() == {"deleted": 1}
        assert signed_in.delete(f"{URL}?anime_id=x").status_code == 422

    def test_an_address_without_its_number_deletes_nothing(self, signed_in: Client, user) -> None:
        body = {"anime_id": AnimeFactory().id, "episode_num": 1, "timecode": 1}
        signed_in.put(URL, body, content_type="application/json")
        assert signed_in.delete(f"{URL}?anime_id=").status_code == 422
        assert WatchProgress.objects.filter(user=user).count() == 1

    def test_an_anime_that_was_merged_away_is_the_one_it_is_part_of(self, signed_in: Client, user) -> None:
        keep, duplicate = AnimeFactory(), AnimeFactory()
        ids = {"anime_id": duplicate.id}
        signed_in.put(URL, {**ids, "episode_num": 1, "timecode": 1}, content_type="application/json")
        entry_set(user=user, anime_id=duplicate.id)
        anime_merge(actor=None, keep=keep, duplicate=duplicate)
        assert [row["anime_id"] for row in signed_in.get(URL, ids).json()] == [keep.id]
        assert len(signed_in.get("/api/v1/anime-list/history", ids).json()["results"]) == 1
        assert signed_in.delete(f"{URL}?anime_id={duplicate.id}").json() == {"deleted": 1}
        signed_in.put(URL, {**ids, "episode_num": 1, "timecode": 1}, content_type="application/json")
        assert signed_in.post(f"/watch/progress/{duplicate.id}/remove").status_code == 302
        assert not WatchProgress.objects.exists()
        assert signed_in.post(f"/watch/progress/{10**30}/remove").status_code == 404

    def test_unknown_parameters_are_refused(self, signed_in: Client) -> None:
        answer = signed_in.get(URL, {"user": "x"})
        assert (answer.status_code, answer.json()["error"]) == (400, "unknown_filter")
