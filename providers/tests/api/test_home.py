"""GET providers, providers/home, providers/genres."""

import datetime
from collections.abc import Callable
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client

from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory, GenreFactory, TagFactory
from core.api.express import Express
from providers.models import Provider
from providers.tests.factories import ProviderFactory, ProviderTitleFactory
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

SEEN = datetime.datetime(2024, 5, 15, 12, tzinfo=datetime.UTC)


def headers_of(application: Callable[..., Any], path: str) -> dict[str, str]:
    """The headers of an anonymous GET, asked of a WSGI application."""
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
    }
    setup_testing_defaults(environ)
    seen: list[tuple[str, str]] = []
    b"".join(application(environ, lambda _status, headers, _exc_info=None: seen.extend(headers)))
    return dict(seen)


@pytest.fixture
def signed_in() -> Client:
    client = Client()
    client.force_login(UserFactory())
    return client


def test_providers_and_whether_they_are_on(client: Client) -> None:
    Provider.objects.all().delete()
    ProviderFactory(name="first", label="First", position=1, home_at=SEEN)
    ProviderFactory(name="second", off=True, position=2, adapter="gone")
    ProviderFactory(name="jikan", role="metadata")
    with assert_queries("providers/GET providers"):
        answer = client.get("/api/v1/providers")
    first, second = answer.json()["results"]
    assert first == {
        "name": "first",
        "label": "First",
        "capabilities": first["capabilities"],
        "is_enabled": True,
        "home_at": "2024-05-15T12:00:00Z",
    }
    assert "home" in first["capabilities"]
    assert (second["name"], second["is_enabled"], second["capabilities"]) == ("second", False, [])
    assert "example.org" not in answer.content.decode()


class TestHome:
    def test_the_shape_that_clients_know(self, client: Client) -> None:
        anime = AnimeFactory(mal_id=55825)
        for name, position in [("first", 1), ("second", 2)]:
            ProviderTitleFactory(
                provider=ProviderFactory(name=name, position=position),
                title="Jigokuraku Season 2 Sub Indo",
                slug=f"jigokuraku-{name}",
                cover_url=f"https://{name}.example.org/c.jpg",
                anime=anime,
                match_state="auto",
                home_rank=0,
                latest_episode=7,
                released_at=SEEN,
            )
        with assert_queries("providers/GET providers/home"):
            answer = client.get("/api/v1/providers/home")
        body = answer.json()
        assert (answer.status_code, body["count"]) == (200, 1)
        assert body["results"] == [
            {
                "name": "Jigokuraku Season 2",
                "cover": "https://first.example.org/c.jpg",
                "slugs": "jigokuraku-first",
                "provider": "first",
                "sources": ["first", "second"],
                "providerSlugs": {"first": "jigokuraku-first", "second": "jigokuraku-second"},
                "anime_id": anime.pk,
                "mal_id": 55825,
                "episode": 7,
                "released_at": "2024-05-15T12:00:00Z",
            }
        ]
        assert answer["X-Response-Time"].endswith("ms")
        assert answer["Cache-Control"] == "private, no-cache"

    @pytest.mark.django_db(transaction=True)
    def test_its_time_is_told_of_it_alone(self) -> None:
        """What the way past Django's handler learns from this answer is on no other."""
        express = Express(get_wsgi_application())
        home, providers = "/api/v1/providers/home", "/api/v1/providers"
        times = [headers_of(express, path).get("X-Response-Time", "") for path in (home, providers, home, providers)]
        assert [time.endswith("ms") for time in times] == [True, False, True, False]

    def test_nothing_is_an_empty_list(self, client: Client) -> None:
        Provider.objects.update(is_enabled=False)
        body = client.get("/api/v1/providers/home").json()
        assert (body["count"], body["results"]) == (0, [])

    def test_unknown_parameters_are_refused(self, client: Client) -> None:
        answer = client.get("/api/v1/providers/home?all=1")
        assert (answer.status_code, answer.json()["error"]) == (400, "unknown_filter")

    @pytest.mark.django_db(transaction=True)
    def test_a_copy_that_is_current_is_not_sent_again(self, client: Client) -> None:
        ProviderTitleFactory(home_rank=0)
        answer = client.get("/api/v1/providers/home")
        assert client.get("/api/v1/providers/home", headers={"If-None-Match": answer["ETag"]}).status_code == 304
        Provider.objects.all().delete()
        assert client.get("/api/v1/providers/home", headers={"If-None-Match": answer["ETag"]}).status_code == 200


class TestGenres:
    @pytest.fixture
    def shelf(self) -> Callable[..., Any]:
        action = GenreFactory(name="Action", mal_id=1)
        isekai = TagFactory(name="Isekai", mal_id=62)
        GenreFactory(name="Slice of Life", mal_id=36)

        def make(score: float | None, **fields: Any) -> Any:
            return AnimeFactory(score=score, genres=[action], tags=[isekai], document=True, **fields)

        return make

    def test_ten_a_page_by_score(self, client: Client, shelf: Callable[..., Any]) -> None:
        made = [shelf(60 + n, mal_id=1000 + n) for n in range(11)]
        unrated = shelf(None)
        with assert_queries("providers/GET providers/genres"):
            first = client.get("/api/v1/providers/genres?genre=action").json()
        second = client.get("/api/v1/providers/genres?genre=1&page=2").json()
        assert (first["genre_id"], first["page"], first["has_next_page"], first["count"]) == (1, 1, True, 10)
        assert first["results"][0]["anime_id"] == made[-1].pk
        assert first["results"][0]["mal_id"] == 1010
        assert [one["anime_id"] for one in second["results"]] == [made[0].pk, unrated.pk]
        assert second["has_next_page"] is False

    @pytest.mark.parametrize("name", ["isekai", "ISEKAI", " Isekai ", "62"])
    def test_themes_are_genres_of_mal_too(self, client: Client, shelf: Callable[..., Any], name: str) -> None:
        anime = shelf(80, mal_id=3)
        found = client.get("/api/v1/providers/genres", {"genre": name}).json()
        assert (found["genre_id"], [one["anime_id"] for one in found["results"]]) == (62, [anime.pk])

    @pytest.mark.parametrize("name", ["slice of life", "Slice-of-Life", "demons", "36"])
    def test_a_genre_without_anime_is_empty(self, client: Client, shelf: Callable[..., Any], name: str) -> None:
        found = client.get("/api/v1/providers/genres", {"genre": name}).json()
        assert (found["count"], found["results"], found["has_next_page"]) == (0, [], False)

    def test_a_name_in_english_where_there_is_one(self, client: Client, shelf: Callable[..., Any]) -> None:
        shelf(80, title="Jigokuraku", title_english="Hell's Paradise", poster_url="https://cdn.example.org/1.jpg")
        (found,) = client.get("/api/v1/providers/genres?genre=Action").json()["results"]
        assert (found["name"], found["cover"]) == ("Hell's Paradise", "https://cdn.example.org/1.jpg")

    @pytest.mark.usefixtures("shelf")
    @pytest.mark.parametrize(
        ("query", "status", "code"),
        [
            ("", 422, "validation_failed"),
            ("?genre=", 422, "validation_failed"),
            ("?genre=xyz", 422, "genre_unknown"),
            ("?genre=-1", 422, "genre_unknown"),
            ("?genre=999999999999", 422, "genre_unknown"),
            ("?genre=%00", 422, "genre_unknown"),
            ("?genre=%F0%9F%94%A5", 422, "genre_unknown"),
            ("?genre=' OR 1=1 --", 422, "genre_unknown"),
            ("?genre=action&page=0", 422, "validation_failed"),
            ("?genre=action&page=-1", 422, "validation_failed"),
            ("?genre=action&page=x", 422, "validation_failed"),
            ("?genre=action&limit=5", 400, "unknown_filter"),
        ],
    )
    def test_odd_questions(self, client: Client, query: str, status: int, code: str) -> None:
        answer = client.get(f"/api/v1/providers/genres{query}")
        assert (answer.status_code, answer.json()["error"]) == (status, code)

    def test_adult_and_hidden_stay_out(self, client: Client, signed_in: Client, shelf: Callable[..., Any]) -> None:
        shelf(90, adult=True)
        shelf(91, hidden=True)
        for asking in (client, signed_in):
            assert asking.get("/api/v1/providers/genres?genre=action").json()["results"] == []
