"""GET anime/upcoming and anime/recently-updated."""

import datetime

import pytest

from catalog.tests import factories
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [2, 7])
def test_upcoming(client, count: int) -> None:
    for n in range(count):
        day = datetime.date(2030, 1, 1 + n)
        factories.AnimeFactory(status="upcoming", start_date=day, document=True)
    with assert_queries("catalog/GET anime/upcoming"):
        answer = client.get("/api/v1/anime/upcoming?page_size=2")
    body = answer.json()
    assert (answer.status_code, body["count"], len(body["results"])) == (200, count, 2)
    assert body["results"][0]["start_date"] == "2030-01-01"
    assert body["results"][0]["starts_at"] is None
    assert answer["ETag"]


@pytest.mark.parametrize("count", [2, 7])
def test_recently_updated(client, count: int) -> None:
    sources = [factories.EpisodeSourceFactory(episode__anime__document=True) for _ in range(count)]
    with assert_queries("catalog/GET anime/recently-updated"):
        body = client.get("/api/v1/anime/recently-updated").json()
    assert [one["id"] for one in body["results"]] == [source.episode.anime_id for source in reversed(sources)]
    assert body["results"][0]["kinds"] == ["sub"]
    assert body["results"][0]["is_playable"] is True


@pytest.mark.parametrize("path", ["upcoming", "recently-updated"])
@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?page=0", 422, "validation_failed"),
        ("?page=%00", 422, "validation_failed"),
        ("?page_size=101", 422, "validation_failed"),
        ("?adult=true", 403, "adult_not_allowed"),
        ("?adult=1", 422, "validation_failed"),
        ("?who=me", 400, "unknown_filter"),
    ],
)
def test_odd_questions(client, path: str, query: str, status: int, code: str) -> None:
    answer = client.get(f"/api/v1/anime/{path}{query}")
    assert (answer.status_code, answer.json()["error"]) == (status, code)
