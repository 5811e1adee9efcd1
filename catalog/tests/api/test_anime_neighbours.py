"""Similar and related anime, the community's rating, search, the calendar."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from catalog.models import Anime
from catalog.search import Hit
from catalog.tests import factories
from catalog.tests.api.conftest import written
from catalog.tests.api.test_anime_detail import conforms
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


def test_related_is_the_whole_franchise_in_watch_order(client: Client) -> None:
    year = datetime.date(2010, 1, 1)
    first, second, third, story = (
        factories.AnimeFactory(start_date=year.replace(year=2010 + n), document=True) for n in range(4)
    )
    hidden = factories.AnimeFactory(hidden=True, document=True)
    factories.RelationFactory(from_anime=first, to_anime=second, kind="sequel")
    factories.RelationFactory(from_anime=third, to_anime=second, kind="prequel")
    factories.RelationFactory(from_anime=first, to_anime=story, kind="side_story")
    factories.RelationFactory(from_anime=second, to_anime=hidden, kind="sequel")
    body = client.get(f"/api/v1/anime/{second.pk}/related").json()
    assert [(item["id"], item["relation"], item["watch_order"]) for item in body] == [
        (first.pk, "prequel", 1),
        (third.pk, "sequel", 3),
        (story.pk, "side_story", 4),
    ]
    conforms(body[0], "RelatedOut")
    assert client.get("/api/v1/anime/999999/related").status_code == 404
    assert client.get(f"/api/v1/anime/{hidden.pk}/related").status_code == 410


def test_similar_shares_labels_and_leaves_out_what_is_not_to_be_shown(client: Client) -> None:
    genre, tag, other = factories.GenreFactory(), factories.TagFactory(), factories.GenreFactory()
    anime = factories.AnimeFactory(genres=[genre], tags=[tag])
    both = factories.AnimeFactory(genres=[genre], tags=[tag])
    one = factories.AnimeFactory(genres=[genre, other])
    none = factories.AnimeFactory(genres=[other])
    hidden = factories.AnimeFactory(genres=[genre], tags=[tag], hidden=True)
    adult = factories.AnimeFactory(genres=[genre], tags=[tag], adult=True)
    sequel = factories.AnimeFactory(genres=[genre], tags=[tag])
    factories.RelationFactory(from_anime=anime, to_anime=sequel, kind="sequel")
    written(anime, both, one, none, hidden, adult, sequel)
    body = client.get(f"/api/v1/anime/{anime.pk}/similar").json()
    assert [item["id"] for item in body] == [both.pk, one.pk]
    assert body[0]["similarity"] > body[1]["similarity"] > 0
    conforms(body[0], "SimilarOut")
    assert len(client.get(f"/api/v1/anime/{anime.pk}/similar?limit=1").json()) == 1
    assert client.get(f"/api/v1/anime/{anime.pk}/similar?limit=51").status_code == 422
    assert client.get("/api/v1/anime/999999/similar").status_code == 404


def test_people_who_liked_both_make_anime_similar(client: Client) -> None:
    anime, liked, unknown = (factories.AnimeFactory(document=True) for _ in range(3))
    for person in factories.UserFactory.create_batch(3):
        for row in (anime, liked):
            factories.RatingFactory(user=person, anime=row, score=90)
        factories.RatingFactory(user=person, anime=unknown, score=20)
    assert [item["id"] for item in client.get(f"/api/v1/anime/{anime.pk}/similar").json()] == [liked.pk]


def test_the_community_rating(client: Client, anime: Anime) -> None:
    url = f"/api/v1/anime/{anime.pk}/community-rating"
    assert client.get(url).json() == {"average": None, "count": 0}
    for score in (80, 85, 100):
        factories.RatingFactory(anime=anime, score=score)
    assert client.get(url).json() == {"average": 88.33, "count": 3}
    assert client.get("/api/v1/anime/by-shikimori/5/community-rating").json() == {"average": 88.33, "count": 3}
    unknown = client.get("/api/v1/anime/by-shikimori/404404/community-rating")
    assert (unknown.status_code, unknown.json()) == (200, {"average": None, "count": 0})
    assert client.get("/api/v1/anime/999999/community-rating").status_code == 404


@pytest.fixture
def hits(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the title index finds; the arguments it was asked with are kept in `hits.asked`."""
    found: list[Any] = []

    def search(q: str, **options: Any) -> list[Hit]:
        return [hit for hit in found if isinstance(hit, Hit)][: options["limit"]]

    monkeypatch.setattr("catalog.selectors.search.titles_search", search)
    monkeypatch.setattr("catalog.filters.anime.titles_search", search)
    return found


def test_search_answers_cards_with_the_name_that_matched(client: Client, hits: list[Any]) -> None:
    first, second, hidden = (
        factories.AnimeFactory(mal_id=1),
        factories.AnimeFactory(),
        factories.AnimeFactory(hidden=True),
    )
    written(first, second, hidden)
    hits += [Hit(second.pk, "Niwa", 0.9), Hit(hidden.pk, "Taken down a moment ago", 0.8), Hit(first.pk, "Hoshi", 0.7)]
    body = client.get("/api/v1/anime/search?q=niwa").json()
    assert [(item["id"], item["matched_title"]) for item in body["results"]] == [
        (second.pk, "Niwa"),
        (first.pk, "Hoshi"),
    ]
    conforms(body["results"][0], "FoundOut")
    paged = client.get("/api/v1/anime/search?q=niwa&page=3&page_size=1").json()
    assert [item["id"] for item in paged["results"]] == [first.pk]
    assert paged["next"] is None


def test_search_refuses_bad_input(client: Client, hits: list[Any]) -> None:
    assert client.get("/api/v1/anime/search").json()["results"] == []
    assert client.get("/api/v1/anime/search?q=a%00b").status_code == 422
    assert client.get("/api/v1/anime/search?q=" + "x" * 300).status_code == 422
    assert client.get("/api/v1/anime/search?q=a&adult=true").status_code == 403
    assert client.get("/api/v1/anime/search?q=a&type=tv").status_code == 400


def test_q_narrows_the_list_and_orders_it_by_relevance(client: Client, hits: list[Any]) -> None:
    tv, film, _unfound = (factories.AnimeFactory(kind=kind) for kind in ("tv", "movie", "tv"))
    late = factories.AnimeFactory(kind="tv", popularity=999_999)
    written(tv, film, late, _unfound)
    hits += [Hit(tv.pk, "a", 1.0), Hit(film.pk, "b", 0.9), Hit(late.pk, "c", 0.8)]
    body = client.get("/api/v1/anime?q=niwa&type=tv").json()
    assert ([item["id"] for item in body["results"]], body["count"]) == ([tv.pk, late.pk], 2)
    popular = client.get("/api/v1/anime?q=niwa&sort=popularity").json()
    assert popular["results"][0]["id"] == late.pk
    assert client.get("/api/v1/anime?q=niwa&cursor=").status_code == 422


@time_machine.travel(datetime.datetime(2024, 3, 9, 12, tzinfo=datetime.UTC), tick=False)
def test_the_calendar_counts_days_in_the_asked_zone(client: Client) -> None:
    anime = factories.AnimeFactory(status="airing", episode_count=None)
    # Sundays 01:30 in Tokyo, which is Saturday 11:30 or 12:30 in New York.
    factories.BroadcastRuleFactory(anime=anime, first_at=datetime.datetime(2024, 1, 6, 16, 30, tzinfo=datetime.UTC))
    written(anime)
    body = client.get("/api/v1/anime/calendar?tz=America/New_York&from=2024-03-09&days=9").json()
    assert (body["start"], body["end"], len(body["days"])) == ("2024-03-09", "2024-03-18", 9)
    airings = [(day["date"], item["episode"], item["airs_at"]) for day in body["days"] for item in day["airings"]]
    assert airings == [("2024-03-09", 10, "2024-03-09T16:30:00Z"), ("2024-03-16", 11, "2024-03-16T16:30:00Z")]
    tokyo = client.get("/api/v1/anime/calendar?tz=Asia/Tokyo&days=2").json()
    assert tokyo["start"] == "2024-03-09"
    assert [day["date"] for day in tokyo["days"] if day["airings"]] == ["2024-03-10"]
    conforms(tokyo["days"][1]["airings"][0]["anime"], "CardOut")


def test_the_calendar_falls_back_to_the_dates_of_episodes(client: Client) -> None:
    anime, hidden = factories.AnimeFactory(document=True), factories.AnimeFactory(hidden=True, document=True)
    for row in (anime, hidden):
        factories.EpisodeFactory(anime=row, number=3, aired_on=datetime.date(2020, 4, 19))
    body = client.get("/api/v1/anime/calendar?from=2020-04-19&days=1").json()
    (item,) = body["days"][0]["airings"]
    assert (item["anime"]["id"], item["episode"], item["airs_at"]) == (anime.pk, 3, None)


@pytest.mark.parametrize(
    "query",
    [
        "tz=Mars/Base",
        "from=2024-02-30",
        "from=0001-01-01",
        "days=0",
        "days=32",
        "tz=../etc",
        "from=9999-12-31",
        "adult=perhaps",
    ],
)
def test_the_calendar_refuses_bad_input(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/anime/calendar?{query}").status_code == 422


def test_queries_do_not_grow_with_rows(client: Client, anime: Anime) -> None:
    genre = factories.GenreFactory()
    anime.genres.add(genre)
    for extra in (3, 5):
        for _ in range(extra):
            row = factories.AnimeFactory(genres=[genre], document=True, status="airing", episode_count=None)
            factories.RelationFactory(from_anime=anime, to_anime=factories.AnimeFactory(document=True), kind="sequel")
            factories.BroadcastRuleFactory(anime=row)
            factories.RatingFactory(anime=anime)
        for name, path in {
            "similar": f"{anime.pk}/similar",
            "related": f"{anime.pk}/related",
            "community-rating": f"{anime.pk}/community-rating",
            "calendar": "calendar?days=7&from=2020-04-05",
        }.items():
            with assert_queries(f"catalog/GET anime/:id/{name}"):
                client.get(f"/api/v1/anime/{path}")
