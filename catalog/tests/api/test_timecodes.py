"""Timecodes: the public lists, the seven staff endpoints, their rights and refusals."""

from typing import Any

import pytest
from django.test import Client

from catalog.models import Anime, Timecode
from catalog.selectors.timecodes import timecode_for
from catalog.tests import factories
from catalog.tests.api.conftest import written
from catalog.tests.api.test_anime_detail import conforms
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
EDITORS = ("tester", "moderator", "admin", "superadmin")
BODY = {"intro_start": 60.5, "intro_end": 150.5, "outro_start": None, "outro_end": None}


def put(client: Client, path: str, body: Any) -> Any:
    return client.put(f"/api/v1/staff/anime/{path}", body, content_type="application/json")


@pytest.mark.parametrize("role", EDITORS)
def test_editors_write_read_copy_and_delete(client_of: Any, anime: Anime, role: str) -> None:
    factories.TranslationFactory(code="band")
    client = client_of(role)
    path = f"{anime.pk}/timecodes/1"
    row = put(client, path, BODY)
    assert row.status_code == 200, row.content
    conforms(row.json(), "TimecodeOut")
    assert {key: row.json()[key] for key in BODY} == BODY
    assert row.json()["translation_id"] == ""
    assert put(client, path, {}).json()["intro_start"] is None  # "reviewed: there is none"
    assert put(client, path, BODY).status_code == 200
    copied = client.post(f"/api/v1/staff/anime/{path}/copy?from=&to=band")
    assert (copied.status_code, copied.json()["translation_id"], copied.json()["intro_end"]) == (200, "band", 150.5)
    public = client.get(f"/api/v1/anime/{anime.pk}/timecodes").json()
    assert [item["translation_id"] for item in public] == ["", "band"]
    assert client.get("/api/v1/anime/by-shikimori/5/timecodes").json() == public
    assert client.get(f"/api/v1/staff/anime/{anime.pk}/timecodes").json() == public
    assert client.delete(f"/api/v1/staff/anime/{path}?translation_id=band").status_code == 204
    assert client.delete(f"/api/v1/staff/anime/{path}").status_code == 204
    assert client.delete(f"/api/v1/staff/anime/{path}").status_code == 204
    assert Timecode.objects.count() == 0
    assert put(client, "by-shikimori/5/timecodes/2", BODY).json()["episode_number"] == 2
    assert client.delete("/api/v1/staff/anime/by-shikimori/5/timecodes/2").status_code == 204
    assert client.get("/api/v1/staff/timecodes/missing").json() == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }


@pytest.mark.parametrize(("role", "status"), [("anonymous", 401), ("user", 403)])
def test_others_change_nothing(client_of: Any, anime: Anime, role: str, status: int) -> None:
    kept = factories.TimecodeFactory(anime=anime, episode_number=1)
    client, path = client_of(role), f"{anime.pk}/timecodes/1"
    assert put(client, path, BODY).status_code == status
    assert put(client, "by-shikimori/5/timecodes/1", BODY).status_code == status
    assert client.delete(f"/api/v1/staff/anime/{path}").status_code == status
    assert client.delete("/api/v1/staff/anime/by-shikimori/5/timecodes/1").status_code == status
    assert client.post(f"/api/v1/staff/anime/{path}/copy?from=&to=x").status_code == status
    assert client.get(f"/api/v1/staff/anime/{anime.pk}/timecodes").status_code == status
    assert client.get("/api/v1/staff/timecodes/missing").status_code == status
    assert list(Timecode.objects.values_list("pk", "intro_start")) == [(kept.pk, 60.0)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"intro_start": 10}, "intro_end"),
        ({"outro_end": 10}, "outro_start"),
        ({"intro_start": 90, "intro_end": 90}, "intro_end"),
        ({"intro_start": 90, "intro_end": 10}, "intro_end"),
        ({"intro_start": -1, "intro_end": 10}, "intro_start"),
        ({"intro_start": 0, "intro_end": 1471}, "intro_end"),
        ({"intro_start": 0, "intro_end": 90, "outro_start": 80, "outro_end": 100}, "outro_start"),
        ({"intro_start": "soon", "intro_end": 90}, "intro_start"),
        ({"intro_start": 1e400, "intro_end": 90}, "intro_start"),
    ],
)
def test_times_that_are_no_spans_are_refused(client_of: Any, anime: Anime, body: dict, field: str) -> None:
    raw = str(body).replace("'", '"').replace("inf", "1e400")
    response = client_of("moderator").put(
        f"/api/v1/staff/anime/{anime.pk}/timecodes/1", raw, content_type="application/json"
    )
    assert response.status_code in (400, 422), response.content
    if response.status_code == 422:
        assert field in response.json()["fields"]
    assert Timecode.objects.count() == 0


def test_bad_addresses_are_refused(client_of: Any, anime: Anime) -> None:
    client, path = client_of("moderator"), f"{anime.pk}/timecodes"
    assert put(client, f"{path}/1?translation_id=nobody", BODY).json()["fields"].keys() == {"translation_id"}
    assert put(client, f"{path}/1?translation_id={'x' * 65}", BODY).status_code == 422
    assert put(client, f"{path}/1?translation_id=%00", BODY).status_code == 422
    assert put(client, f"{path}/13", BODY).status_code == 404  # twelve episodes
    assert put(client, f"{path}/0", BODY).status_code == 404
    assert put(client, "999999/timecodes/1", BODY).status_code == 404
    assert put(client, "by-shikimori/404/timecodes/1", BODY).status_code == 404
    assert put(client, f"{path}/1", "[1").status_code == 400
    copy = f"/api/v1/staff/anime/{path}/1/copy"
    assert client.post(f"{copy}?from=").json()["fields"].keys() == {"to"}
    assert client.post(f"{copy}?to=").json()["fields"].keys() == {"from"}
    assert client.post(f"{copy}?from=&to=").json()["fields"].keys() == {"to"}
    factories.TranslationFactory(code="band")
    missing = client.post(f"{copy}?from=&to=band")
    assert (missing.status_code, missing.json()["error"]) == (404, "timecode_not_found")
    assert Timecode.objects.count() == 0


def test_a_longer_episode_counts_with_its_own_length(client_of: Any, anime: Anime) -> None:
    factories.EpisodeFactory(anime=anime, number=12, duration_seconds=3000)
    body = {"outro_start": 2800, "outro_end": 2990}
    assert put(client_of("tester"), f"{anime.pk}/timecodes/12", body).status_code == 200


def test_the_player_falls_back_to_the_default_row() -> None:
    rows = [
        {"episode_number": 1, "translation_id": "", "n": 1},
        {"episode_number": 1, "translation_id": "band", "n": 2},
    ]
    assert timecode_for(rows, 1, "band") is rows[1]
    assert timecode_for(rows, 1, "other") is rows[0]
    assert timecode_for(rows, 2, "") is None


def test_public_lists(client: Client, anime: Anime) -> None:
    assert client.get(f"/api/v1/anime/{anime.pk}/timecodes").json() == []
    assert client.get("/api/v1/anime/by-shikimori/404/timecodes").json() == []
    assert client.get("/api/v1/anime/999999/timecodes").status_code == 404


def test_the_queue_holds_playable_episodes_without_a_row_best_first(client_of: Any) -> None:
    best, middle, done, silent, unscored = (
        factories.AnimeFactory(score=score) for score in (90.0, 70.0, 99.0, 80.0, None)
    )
    written(best, middle, done, silent, unscored)
    for row in (best, middle, done, unscored):
        for number in (1, 2):
            factories.EpisodeSourceFactory(episode=factories.EpisodeFactory(anime=row, number=number))
    factories.EpisodeFactory(anime=silent, number=1)
    for number in (1, 2):
        factories.TimecodeFactory(anime=done, episode_number=number)
    factories.TimecodeFactory(anime=middle, episode_number=1, translation_id="band")
    client = client_of("moderator")
    body = client.get("/api/v1/staff/timecodes/missing?page_size=2").json()
    assert body["count"] == 3
    assert [(item["id"], item["missing_episodes"], item["first_missing_episode"]) for item in body["results"]] == [
        (best.pk, 2, 1),
        (middle.pk, 1, 2),
    ]
    conforms(body["results"][0], "MissingTimecodesOut")
    assert [item["id"] for item in client.get(body["next"]).json()["results"]] == [unscored.pk]
    assert client.get("/api/v1/staff/timecodes/missing?page=x").status_code == 422
    assert client.get("/api/v1/staff/timecodes/missing?role=admin").status_code == 400


def test_queries_do_not_grow_with_rows(client_of: Any, anime: Anime) -> None:
    client = client_of("moderator")
    client.get("/api/v1/staff/timecodes/missing")
    for extra in (2, 5):
        for _ in range(extra):
            row = factories.AnimeFactory(document=True)
            factories.EpisodeSourceFactory(episode=factories.EpisodeFactory(anime=row))
            factories.TimecodeFactory(anime=anime)
        with assert_queries("catalog/GET anime/:id/timecodes"):
            client.get(f"/api/v1/anime/{anime.pk}/timecodes")
        with assert_queries("catalog/GET staff/timecodes/missing"):
            client.get("/api/v1/staff/timecodes/missing")
        with assert_queries("catalog/PUT staff/anime/:id/timecodes/:ep"):
            put(client, f"{anime.pk}/timecodes/3", BODY)
        Timecode.objects.filter(anime=anime, episode_number=3).delete()
