"""GET /api/v1/anime: filters, orders, pages, validators."""

import datetime
import time
from typing import Any

import pytest
from django.test import Client
from django.utils.http import http_date

from catalog.filters import SORTS, register_filter
from catalog.filters.registry import unregister_filter
from catalog.models import AnimeDocument, Rating
from catalog.tests import factories
from catalog.tests.api.conftest import written
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
URL = "/api/v1/anime"


def ids(client: Client, query: str = "") -> list[int]:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200, response.content
    return [item["id"] for item in response.json()["results"]]


def test_a_page_is_an_envelope_of_cards(client: Client) -> None:
    first, second = (
        factories.AnimeFactory(popularity=9, document=True),
        factories.AnimeFactory(popularity=5, document=True),
    )
    body = client.get(URL, {"page_size": 1}).json()
    assert body["count"] == 2
    assert body["next"] == "/api/v1/anime?page_size=1&page=2"
    assert body["previous"] is None
    assert [card["id"] for card in body["results"]] == [first.pk]
    assert client.get(body["next"]).json()["results"][0]["id"] == second.pk
    assert client.get(body["next"]).json()["previous"] == "/api/v1/anime?page_size=1&page=1"


def test_hidden_and_merged_are_not_listed_and_restricted_are(client: Client) -> None:
    shown = factories.AnimeFactory()
    restricted = factories.AnimeFactory(restricted=True)
    hidden = factories.AnimeFactory(hidden=True)
    merged = factories.AnimeFactory(merged_into=shown)
    written(shown, restricted, hidden, merged)
    assert set(ids(client)) == {shown.pk, restricted.pk}
    assert client.get(URL).json()["count"] == 2


@pytest.mark.parametrize(
    ("role", "sees"),
    [("user", False), ("tester", True), ("moderator", False), ("admin", True), ("superadmin", True)],
)
def test_who_sees_hidden_ones_listed(client_of: Any, role: str, sees: bool) -> None:
    hidden = factories.AnimeFactory(hidden=True, document=True)
    response = client_of(role).get(URL)
    assert ([item["id"] for item in response.json()["results"]] == [hidden.pk]) is sees
    assert response["Cache-Control"] == "private, no-cache"


def test_adult_titles_need_an_account_that_shows_them(client: Client, client_of: Any) -> None:
    plain, adult = factories.AnimeFactory(document=True), factories.AnimeFactory(adult=True, document=True)
    assert ids(client) == [plain.pk]
    assert client.get(URL, {"adult": "true"}).json()["error"] == "adult_not_allowed"
    assert client_of("user").get(URL, {"adult": "only"}).status_code == 403
    grown_up = client_of("user", shows_adult=True)
    assert ids(grown_up) == [plain.pk]
    assert set(ids(grown_up, "adult=true")) == {plain.pk, adult.pk}
    assert ids(grown_up, "adult=only") == [adult.pk]


@pytest.mark.parametrize("sort", [*SORTS])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_every_order_walks_all_rows_by_number_and_by_key(client: Client, sort: str, order: str) -> None:
    day = datetime.date(2019, 1, 1)
    made = [
        factories.AnimeFactory(
            score=score, start_date=date, episode_count=episodes, duration_seconds=length, popularity=n
        )
        for score, date, episodes, length, n in [
            (None, None, None, None, 5),
            (80.0, day, 12, 1440, 5),
            (80.0, day, 12, 1440, 3),
            (60.5, day.replace(year=2024), 24, 600, 8),
            (None, None, 1, None, 0),
        ]
    ]
    written(*made)
    whole = ids(client, f"sort={sort}&order={order}")
    assert len(whole) == len(set(whole)) == 5
    numbered = [
        found for page in (1, 2, 3) for found in ids(client, f"sort={sort}&order={order}&page_size=2&page={page}")
    ]
    assert numbered == whole
    walked, address = [], f"{URL}?sort={sort}&order={order}&page_size=2&cursor="
    while address:
        body = client.get(address).json()
        walked += [card["id"] for card in body["results"]]
        last, address = address, body["next"]
    assert walked == whole
    back = client.get(client.get(last).json()["previous"]).json()
    assert [card["id"] for card in back["results"]] == whole[2:4]


def test_unknown_values_come_last_in_both_directions(client: Client) -> None:
    without, low, high = (factories.AnimeFactory(score=score, document=True) for score in (None, 10.0, 90.0))
    assert ids(client, "sort=score") == [high.pk, low.pk, without.pk]
    assert ids(client, "sort=score&order=asc") == [low.pk, high.pk, without.pk]


def test_a_seed_fixes_the_shuffle(client: Client) -> None:
    written(*factories.AnimeFactory.create_batch(12))
    one, two = ids(client, "sort=random&seed=1"), ids(client, "sort=random&seed=2")
    assert one == ids(client, "sort=random&seed=1")
    assert one != two
    assert set(one) == set(two)


@pytest.mark.parametrize(
    "query",
    ["type=zeppelin", "score_min=101", "score_min=x", "year_min=2030&year_max=2000", "genre=nothing", "page=0", "seed=x",
     "page_size=101", "sort=colour", "order=up", "sort=relevance", "start_date_min=2020-13-01", "dub=!!", "letter=ab",
     "has_video=maybe", "id=x", "mal_id=x", "tag_rank_min=200", "q=" + "x" * 201, "genre=" + "x," * 60 + "a%00",
     "adult=perhaps", "country=12", "q=%00"],
)  # fmt: skip
def test_bad_values_are_refused(client: Client, query: str) -> None:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 422, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["error"] == "validation_failed"
    assert response.json()["fields"]


def test_an_unknown_filter_is_refused(client: Client) -> None:
    response = client.get(URL, {"colour": "red"})
    assert response.status_code == 400
    assert response.json()["error"] == "unknown_filter"
    assert response.json()["detail"] == "colour"


@pytest.mark.parametrize("cursor", ["x", "n.", "n.AAAA", "p.!!", "n.W10", "n.WyJhIiwiYiJd"])
def test_a_foreign_cursor_is_refused(client: Client, cursor: str) -> None:
    assert client.get(URL, {"cursor": cursor}).status_code in (400, 422)


def test_validators_and_304(client: Client, anime: Any) -> None:
    response = client.get(URL)
    etag = response["ETag"]
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response["Last-Modified"]
    again = client.get(URL, headers={"If-None-Match": f'"other", W/{etag}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == etag
    assert client.get(URL, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(URL, headers={"If-Modified-Since": http_date(time.time() + 60)}).status_code == 304
    assert client.get(URL, headers={"If-Modified-Since": http_date(time.time() - 600)}).status_code == 200
    AnimeDocument.objects.filter(pk=anime.pk).update(card='{"id":0}')
    assert client.get(URL, headers={"If-None-Match": etag}).status_code == 200


def test_head_and_other_methods(client: Client, anime: Any) -> None:
    head = client.head(URL)
    assert head.status_code == 200
    assert head.content == b""
    refused = client.post(URL, {}, content_type="application/json")
    assert refused.status_code == 405
    assert "GET" in refused["Allow"]


def test_a_personal_filter_is_for_the_signed_in_and_never_shared(client: Client, client_of: Any) -> None:
    mine, _other = factories.AnimeFactory.create_batch(2)
    written(mine, _other)
    from django.db.models import Exists, OuterRef, Q

    def rated(user: Any, value: bool) -> Q:
        found = Q(Exists(Rating.objects.filter(anime=OuterRef("pk"), user=user)))
        return found if value else ~found

    register_filter("rated", rated)
    try:
        person = client_of("user")
        from accounts.models import User

        factories.RatingFactory(anime=mine, user=User.objects.get())
        assert ids(person, "rated=true") == [mine.pk]
        assert ids(person, "rated=false") == [_other.pk]
        assert client.get(URL, {"rated": "true"}).status_code == 422
        assert person.get(URL, {"rated": "true"})["Cache-Control"] == "private, no-cache"
    finally:
        unregister_filter("rated")
    assert client.get(URL, {"rated": "true"}).status_code == 400


def test_queries_do_not_grow_with_rows(client: Client) -> None:
    tag, genre = factories.TagFactory(), factories.GenreFactory()
    query = f"genre={genre.slug}&tag_not={tag.slug}&score_min=10&dub=any&page_size=3"
    for extra in (3, 5):
        written(*[factories.AnimeFactory(genres=[genre]) for _ in range(extra)])
        with assert_queries("catalog/GET anime"):
            client.get(URL, {"page_size": 3})
        with assert_queries("catalog/GET anime?cursor"):
            client.get(URL, {"page_size": 3, "cursor": ""})
        with assert_queries("catalog/GET anime?filters"):
            assert client.get(f"{URL}?{query}").status_code == 200
