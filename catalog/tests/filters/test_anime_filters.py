"""Filters: what each lets through, and that no combination of anything breaks."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.filters import SORTS, AnimeFilters, register_filter
from catalog.filters.registry import filters
from catalog.models import Anime
from catalog.tests import factories
from core.errors import DomainError

pytestmark = pytest.mark.django_db


def found(query: str) -> set[int]:
    chosen = AnimeFilters.of(QueryDict(query), AnonymousUser())
    return set(chosen.apply(Anime.objects.all()).values_list("pk", flat=True))


@pytest.fixture
def shelf() -> dict[str, Anime]:
    action, drama = factories.GenreFactory(slug="action"), factories.GenreFactory(slug="drama")
    space = factories.TagFactory(slug="space")
    one = factories.AnimeFactory(title="Alpha", kind="tv", genres=[action, drama], score=90.0, year=2020, country="JP")
    two = factories.AnimeFactory(
        title="beta", kind="movie", genres=[action], score=50.0, year=2010, country="CN", status="airing",
        season="fall", source="original", age_rating="r17", episode_count=1, duration_seconds=6000, popularity=5,
        start_date=datetime.date(2010, 10, 1), end_date=None,
    )  # fmt: skip
    three = factories.AnimeFactory(title="Ёлка", genres=[drama], score=None, year=None)
    factories.AnimeTagFactory(anime=one, tag=space, rank=90)
    factories.AnimeTagFactory(anime=two, tag=space, rank=30)
    factories.AnimeStudioFactory(anime=two, studio=factories.StudioFactory(slug="dawn"))
    factories.OfficialLinkFactory(anime=one, site="Streamly")
    factories.TitleFactory(anime=three, language="ru")
    factories.ExternalIdFactory(anime=two, site="mal", value="77")
    dub = factories.TranslationFactory(kind="dub", language="pt-BR")
    factories.EpisodeSourceFactory(episode=factories.EpisodeFactory(anime=one), translation=dub)
    audible = factories.EpisodeFactory(anime=two)
    factories.EpisodeSourceFactory(episode=audible, translation=None, local=True, audio_languages=["zh", "en"])
    factories.SubtitleTrackFactory(episode=audible, language="ru")
    dead = factories.EpisodeFactory(anime=three)
    factories.EpisodeSourceFactory(episode=dead, health="dead", translation=None)
    return {"one": one, "two": two, "three": three}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "one two three"), ("genre=action", "one two"), ("genre=action,drama", "one two three"),
        ("genre_all=action,drama", "one"), ("genre_not=drama", "two"), ("genre=action&genre_not=drama", "two"),
        ("tag=space", "one two"), ("tag=space&tag_rank_min=50", "one"), ("tag_not=space", "three"),
        ("studio=dawn", "two"), ("studio_not=dawn", "one three"), ("type=tv", "one three"), ("type_not=tv", "two"),
        ("type=tv,movie", "one two three"), ("status=airing", "two"), ("season=fall", "two"), ("source=original", "two"),
        ("age_rating=r17", "two"), ("country=cn", "two"), ("year=2020", "one"), ("year_min=2011", "one"),
        ("year_max=2015", "two"), ("score_min=50&score_max=89.5", "two"), ("popularity_max=5", "two"),
        ("episodes=1", "two"), ("duration_min=3600", "two"), ("start_date_max=2010-12-31", "two"),
        ("end_date_min=2020-01-01", "one three"), ("dub=pt", "one"), ("dub=pt-BR", "one"), ("dub=any", "one"),
        ("dub=en", "two"), ("dub=zh", ""), ("dub=ja", ""), ("sub=ru", "two"), ("has_video=true", "one two"),
        ("has_video=false", "three"), ("letter=a", "one"), ("letter=B", "two"), ("letter=%23", "three"),
        ("provider=streamly", "one"), ("language=ru", "three"), ("mal_id=77", "two"), ("votes_min=2000", ""),
    ],
)  # fmt: skip
def test_what_a_filter_lets_through(shelf: dict[str, Anime], query: str, names: str) -> None:
    assert found(query) == {shelf[name].pk for name in names.split()}


def test_ids(shelf: dict[str, Anime]) -> None:
    assert found(f"id={shelf['one'].pk},{shelf['two'].pk}") == {shelf["one"].pk, shelf["two"].pk}


def test_chips_say_what_is_narrowed_and_how_to_undo_it(shelf: dict[str, Anime]) -> None:
    query = "type=tv&genre_not=action&score_min=70.5&year=2020&has_video=true&letter=a&q=alpha"
    chips = AnimeFilters.of(QueryDict(query)).chips()
    assert {(chip.name, chip.value) for chip in chips} == {
        ("type", "tv"), ("genre_not", "action"), ("score_min", "70.5"), ("year", "2020"), ("has_video", "true"),
        ("letter", "a"), ("q", "alpha"),
    }  # fmt: skip
    assert {chip.name for chip in chips if chip.excludes} == {"genre_not"}


def test_equal_filters_are_equal_keys(shelf: dict[str, Anime]) -> None:
    one, two = AnimeFilters.of(QueryDict("type=tv")), AnimeFilters.of(QueryDict("type=tv"), AnonymousUser())
    assert one == two
    assert hash(one) == hash(two)
    assert one != AnimeFilters.of(QueryDict("type=movie"))


def test_no_two_filters_share_a_parameter() -> None:
    names = [name for item in filters() for name in item.parameters]
    assert len(names) == len(set(names))


def test_the_catalogues_own_names_cannot_be_taken() -> None:
    with pytest.raises(ValueError, match="genre"):
        register_filter("genre", lambda user, value: None)


VALUES = st.one_of(
    st.sampled_from(
        ["tv", "movie", "true", "false", "any", "en", "2020", "action", "space", "a", "#", "2020-01-01", "50"]
    ),
    st.sampled_from(
        ["-1", "1e9", "99999999999999999999", "\x00", "%", "'; --", "null", "a,b,,", " ", "٣", "ÿ", "\ud800"]
    ),
    st.text(max_size=12),
)
NAMES = st.sampled_from(
    sorted(
        {name for item in filters() for name in item.parameters}
        | {"q", "sort", "order", "seed", "page", "cursor", "adult"}
    )
)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6), st.sampled_from([*SORTS, ""]))
@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_combination_breaks(shelf: dict[str, Anime], pairs: list[tuple[str, str]], sort: str) -> None:
    from urllib.parse import urlencode

    query = urlencode([*pairs, *([("sort", sort)] if sort else [])], errors="surrogatepass")
    response = Client().get(f"/api/v1/anime?{query}")
    assert response.status_code in (200, 400, 403, 422), (query, response.content)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=4))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_chips_never_break(shelf: dict[str, Anime], pairs: list[tuple[str, str]]) -> None:
    params = QueryDict(mutable=True)
    for name, value in pairs:
        params.appendlist(name, value)
    try:
        chosen: Any = AnimeFilters.of(params)
    except DomainError:
        return
    assert all(chip.text and chip.name in params for chip in chosen.chips())
