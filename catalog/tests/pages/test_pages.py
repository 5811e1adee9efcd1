"""Every page of the catalogue answers, says what it should, loads nothing from elsewhere, and asks a constant number of queries."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Anime
from catalog.services.documents import documents_rebuild
from catalog.tests import factories
from catalog.tests.pages.shelf import loads_foreign, shelf_fill, text_of

pytestmark = pytest.mark.django_db

LISTS = ["/", "/browse", "/browse?view=list&genre=adventure", "/schedule", "/schedule?span=day"]


@pytest.mark.parametrize("path", LISTS)
def test_page_shows_titles_and_loads_nothing_from_elsewhere(client: Client, path: str) -> None:
    anime = shelf_fill(2, poster_url="https://posters.example.org/1.jpg")[0]
    response = client.get(path)
    html = text_of(response)
    assert response.status_code == 200
    if "day" not in path:
        assert anime.title in html
    assert loads_foreign(html) == []
    assert "posters.example.org" not in html
    assert 'href="#main"' in html
    assert "bangumi-data" in html


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", LISTS)
def test_number_of_queries_does_not_grow(client: Client, path: str) -> None:
    shelf_fill(3)
    few = _queries(client, path)
    shelf_fill(5)
    assert _queries(client, path) == few


def test_anonymous_pages_set_no_cookie_and_hold_no_token(client: Client) -> None:
    shelf_fill(1)
    response = client.get("/")
    assert not response.cookies
    assert "csrf" not in text_of(response)


def _full_anime(parts: int) -> Anime:
    anime = factories.AnimeFactory(title="Hoshi no Niwa", title_native="星の庭", synopsis="A garden <b>of</b> stars.")
    for number in range(1, parts + 1):
        episode = factories.EpisodeFactory(anime=anime, number=number, is_filler=number == 2)
        factories.EpisodeSourceFactory(episode=episode)
        factories.RelationFactory(from_anime=anime, to_anime=factories.AnimeFactory(document=True))
        factories.TitleFactory(anime=anime)
        factories.OfficialLinkFactory(anime=anime)
        factories.RatingFactory(anime=anime, score=10 * number)
    factories.ExternalScoreFactory(anime=anime)
    factories.BroadcastRuleFactory(anime=anime)
    _rebuild(anime)
    return anime


def _rebuild(anime: Anime) -> None:
    documents_rebuild(anime_ids=[anime.pk])


def test_anime_page_says_what_is_known(client: Client) -> None:
    anime = _full_anime(3)
    response = client.get(f"/anime/{anime.pk}-{anime.slug}")
    html = text_of(response)
    assert response.status_code == 200
    for part in (
        "星の庭",
        "A garden &lt;b&gt;of&lt;/b&gt; stars.",
        "Watch order",
        "Filler",
        "Example Stream",
        "MyAnimeList",
    ):
        assert part in html
    assert f"/watch/{anime.pk}/1" in html
    assert "3 ratings, average 20 of 100" in html
    assert loads_foreign(html) == []


def test_anime_page_has_a_constant_number_of_queries(client: Client) -> None:
    small, large = _full_anime(2), _full_anime(7)
    counts = [_queries(client, f"/anime/{anime.pk}-{anime.slug}") for anime in (small, large)]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", [lambda a: f"/anime/{a.pk}", lambda a: f"/anime/{a.pk}-other-name"])
def test_other_addresses_lead_to_the_one_with_the_slug(client: Client, address: Callable[[Anime], str]) -> None:
    anime = factories.AnimeFactory(document=True)
    response = client.get(address(anime))
    assert response.status_code == 302
    assert response["Location"] == f"/anime/{anime.pk}-{anime.slug}"


def test_missing_and_hidden_anime(client: Client) -> None:
    hidden = factories.AnimeFactory(hidden=True, document=True)
    assert client.get("/anime/999999").status_code == 404
    response = client.get(f"/anime/{hidden.pk}-{hidden.slug}")
    assert response.status_code == 410
    assert hidden.title not in text_of(response)


def test_restricted_anime_gives_the_reason_and_no_way_to_the_player(client: Client) -> None:
    anime = factories.AnimeFactory(restricted=True)
    factories.EpisodeSourceFactory(episode=factories.EpisodeFactory(anime=anime, number=1))
    _rebuild(anime)
    html = text_of(client.get(f"/anime/{anime.pk}-{anime.slug}"))
    assert "Licensed here" in html
    assert "data-watch " not in html


def test_adult_anime_stay_out_of_rows_and_lists(client: Client) -> None:
    shelf_fill(1)
    adult = factories.AnimeFactory(adult=True, title="Grown-ups Only", status="airing", document=True)
    for path in LISTS:
        assert adult.title not in text_of(client.get(path))


def test_hostile_titles_are_inert(client: Client) -> None:
    shelf_fill(1, title='"><script>alert(1)</script>', title_native="<img src=x onerror=alert(1)>")
    for path in ("/", "/browse"):
        html = text_of(client.get(path))
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_long_series_come_in_ranges(client: Client) -> None:
    anime = factories.AnimeFactory()
    for number in (1, 100, 101, 250):
        factories.EpisodeFactory(anime=anime, number=number)
    _rebuild(anime)
    address = f"/anime/{anime.pk}-{anime.slug}"
    html = text_of(client.get(address))
    assert "1–100" in html
    assert "201–250" in html
    assert 'data-number="250"' not in html
    partial = text_of(client.get(f"{address}?from=201", headers={"HX-Request": "true"}))
    assert 'data-number="250"' in partial
    assert "<html" not in partial


def test_empty_catalogue_says_so(client: Client) -> None:
    assert "The catalogue is empty" in text_of(client.get("/"))


def test_titles_come_in_the_chosen_language(client: Client) -> None:
    factories.AnimeFactory(
        title="Hoshi no Niwa", title_english="Garden of Stars", title_native="星の庭", status="airing", document=True
    )
    for choice, shown in (
        ("english", "Garden of Stars</a>"),
        ("native", "星の庭</a>"),
        ("romaji", "Hoshi no Niwa</a>"),
    ):
        client.cookies["titles"] = choice
        assert shown in text_of(client.get("/browse"))
