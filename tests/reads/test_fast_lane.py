"""The short way of anonymous reads answers as the usual way does."""

from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory

from catalog.tests.factories import AnimeFactory
from core.api import fast_lane
from core.api.fast_lane import FastLaneMiddleware, match_of

pytestmark = pytest.mark.django_db
PLAIN = {"HTTP_COOKIE": "theme=dark"}
"""A cookie that signs nobody in sends a request the usual way."""


@pytest.fixture
def paths() -> list[str]:
    anime = AnimeFactory(document=True, mal_id=3)
    tails = ("", "/episodes", "/similar", "/related", "/timecodes", "/community-rating")
    return [
        "/api/v1/anime",
        "/api/v1/anime/calendar?from=2020-04-05",
        "/api/v1/anime/by-shikimori/3",
        *[f"/api/v1/anime/{anime.pk}{tail}" for tail in tails],
    ]


@time_machine.travel("2026-11-23T12:00:00Z", tick=False)  # what never changed says now
def test_both_ways_answer_the_same(client: Client, paths: list[str]) -> None:
    for path in paths:
        client.get(path)  # the first of a process goes the usual way and teaches the short one
        short, usual = client.get(path), client.get(path, **PLAIN)
        assert short.status_code == usual.status_code == 200
        assert short.content == usual.content
        ours, theirs = dict(short.headers), dict(usual.headers)
        for own in ("X-Request-ID", "Vary", "Content-Language"):
            ours.pop(own, None)
            theirs.pop(own, None)
        assert ours == theirs


def test_the_short_way_is_taken(client: Client, paths: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    client.get(paths[0])
    taken: list[str] = []

    def spy(path: str) -> Any:
        taken.append(path)
        return match_of(path)

    monkeypatch.setattr(fast_lane, "match_of", spy)
    client.get(paths[0])
    assert taken == ["/api/v1/anime"]
    client.get(paths[0], **PLAIN)
    client.get(paths[0], headers={"Origin": "https://elsewhere.example"})
    client.get(paths[0], headers={"Authorization": "Bearer x"})
    client.get(paths[0], headers={"X-API-Key": "x"})
    client.head(paths[0])
    assert len(taken) == 1


def test_only_public_document_views_are_on_it() -> None:
    assert match_of("/api/v1/anime/1") is not None
    for path in (
        "/api/v1/staff/timecodes/missing",
        "/api/v1/staff/anime/1/timecodes",
        "/api/v1/auth/me",
        "/nowhere",
        "/",
    ):
        assert match_of(path) is None, path


def test_errors_are_made_by_the_usual_way(client: Client, paths: list[str]) -> None:
    client.get(paths[0])
    answer = client.get("/api/v1/anime/999999", headers={"Accept-Language": "ru"})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert "Accept-Language" in answer["Vary"]


def test_a_host_that_is_not_ours_is_refused(client: Client, paths: list[str], settings: Any) -> None:
    client.get(paths[0])
    settings.ALLOWED_HOSTS = ["ours.example"]
    assert client.get(paths[0], headers={"Host": "theirs.example"}).status_code == 400


def test_a_failed_first_answer_teaches_nothing(paths: list[str]) -> None:
    from django.http import HttpResponse

    lane = FastLaneMiddleware(lambda request: HttpResponse(status=503))
    assert lane(RequestFactory().get(paths[0])).status_code == 503
    assert lane._headers is None
