"""Provider numbers to episodes of ours: each rule, their order, and numbers beyond belief."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Anime, Relation
from catalog.tests import factories as make
from providers.models import EpisodeRedirect, NumberingOverride, ProviderEpisode
from providers.numbering.places import HALVES, Places
from providers.numbering.rules import Place, Rule
from providers.tests.factories import ProviderEpisodeFactory
from providers.tests.numbering.series import Series, series_make, title_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def series() -> Series:
    return series_make()


def at(anime: Anime, number: int, kind: str = "regular") -> Place:
    return Place(anime.pk, kind, number)


def told(places: Places, season: int | None, number: float | None) -> tuple[Place | None, Rule]:
    verdict = places.judge(season, number)
    return verdict.place, verdict.rule


def test_seasons_go_along_the_sequels(series: Series) -> None:
    places = Places.of(title_of(series.first))
    assert told(places, 1, 5) == (at(series.first, 5), Rule.SEASON)
    assert told(places, 2, 1) == (at(series.second, 1), Rule.SEASON)
    assert told(places, 2, 13) == (at(series.part, 1), Rule.SEASON)
    assert told(places, 2, 30) == (at(series.part, 18), Rule.SEASON)
    assert told(places, 2, 31) == (None, Rule.BEYOND)
    assert told(places, 3, 1) == (None, Rule.NO_SEASON)


def test_a_later_season_is_itself_by_its_own_number_or_by_none(series: Series) -> None:
    places = Places.of(title_of(series.second))
    assert told(places, 2, 3) == (at(series.second, 3), Rule.SEASON)
    assert told(places, 1, 3) == (at(series.second, 3), Rule.SEASON)
    assert told(places, None, 3) == (at(series.second, 3), Rule.OWN)
    assert told(places, None, 14) == (at(series.part, 2), Rule.PART)


def test_tvdbs_seasons_come_before_the_sequels(series: Series) -> None:
    season = make.SeasonFactory.create(anime=series.second, number=1)
    make.EpisodeFactory.create(anime=series.second, number=1, season=season, season_number=13)
    extra = make.SeasonFactory.create(anime=series.first, number=0)
    make.EpisodeFactory.create(anime=series.first, kind="special", number=2, season=extra, season_number=7)
    places = Places.of(title_of(series.first))
    assert told(places, 1, 13) == (at(series.second, 1), Rule.TVDB)
    assert told(places, 0, 7) == (at(series.first, 2, "special"), Rule.TVDB)
    assert told(places, 0, 1) == (at(series.first, 1, "special"), Rule.SPECIAL)


def test_what_two_episodes_share_at_tvdb_says_nothing(series: Series) -> None:
    for anime in (series.first, series.second):
        season = make.SeasonFactory.create(anime=anime, number=2)
        make.EpisodeFactory.create(anime=anime, number=1, season=season, season_number=1)
    assert told(Places.of(title_of(series.first)), 2, 1) == (at(series.second, 1), Rule.SEASON)


def test_redirections_lead_beyond_the_last_episode(series: Series) -> None:
    EpisodeRedirect.objects.create(mal_id=101, first=13, last=24, target_mal_id=102, target_first=1, target_last=12)
    EpisodeRedirect.objects.create(mal_id=101, first=25, last=26, target_mal_id=103, target_first=1, target_last=1)
    EpisodeRedirect.objects.create(mal_id=101, first=40, target_mal_id=999, target_first=1)
    EpisodeRedirect.objects.create(mal_id=101, first=0, last=0, target_mal_id=103, target_first=2, target_last=2)
    places = Places.of(title_of(series.first))
    assert told(places, None, 12) == (at(series.first, 12), Rule.OWN)
    assert told(places, None, 13) == (at(series.second, 1), Rule.REDIRECT)
    assert told(places, 1, 14) == (at(series.second, 2), Rule.REDIRECT)
    assert told(places, None, 26) == (at(series.part, 1), Rule.REDIRECT)
    assert told(places, None, 41) == (None, Rule.ELSEWHERE)
    assert told(places, None, 0) == (at(series.part, 2), Rule.REDIRECT)


def test_a_list_that_counts_on_through_the_series_is_told_by_where_it_begins(series: Series) -> None:
    """Episode 13 of a second season of 25 is its 13th, unless its list begins with 13."""
    Anime.objects.filter(pk=series.second.pk).update(episode_count=25)
    EpisodeRedirect.objects.create(mal_id=102, first=13, last=37, target_mal_id=102, target_first=1, target_last=25)
    plain, continued = title_of(series.second), title_of(series.second)
    ProviderEpisodeFactory.create(title=plain, first=1)
    ProviderEpisodeFactory.create(title=continued, first=13)
    assert told(Places.of(plain), None, 13) == (at(series.second, 13), Rule.OWN)
    assert told(Places.of(continued), None, 13) == (at(series.second, 1), Rule.REDIRECT)
    for number in (1, 2):
        make.EpisodeFactory.create(anime=series.second, number=number, absolute_number=12 + number)
    assert told(Places.of(continued), None, 14) == (at(series.second, 2), Rule.ABSOLUTE)


def test_absolute_numbers_lead_to_the_season_that_has_them(series: Series) -> None:
    make.EpisodeFactory.create(anime=series.first, number=1, absolute_number=1)
    make.EpisodeFactory.create(anime=series.second, number=4, absolute_number=16)
    make.EpisodeFactory.create(anime=series.part, number=1, absolute_number=25)
    places = Places.of(title_of(series.first))
    assert told(places, None, 16) == (at(series.second, 4), Rule.ABSOLUTE)
    assert told(places, 2, 16) == (at(series.part, 4), Rule.SEASON)
    assert told(places, 2, 25) == (at(series.part, 1), Rule.ABSOLUTE)
    assert told(places, None, 15) == (at(series.first, 15), Rule.OWN)


def test_absolute_numbers_that_count_specials_between_say_nothing(series: Series) -> None:
    for number, absolute in ((1, 1), (2, 3), (9, 13)):
        make.EpisodeFactory.create(anime=series.first, number=number, absolute_number=absolute)
    make.EpisodeFactory.create(anime=series.second, number=1, absolute_number=14)
    places = Places.of(title_of(series.first))
    assert [told(places, None, number) for number in (13, 14)] == [(at(series.first, n), Rule.OWN) for n in (13, 14)]


def test_a_season_that_tvdb_does_not_have_of_a_long_series_is_none() -> None:
    long = make.AnimeFactory.create(episode_count=None)
    make.RelationFactory.create(to_anime=long, kind="sequel")
    for number in (1, 2):
        season = make.SeasonFactory.create(anime=long, number=number)
        make.EpisodeFactory.create(anime=long, number=number * 50, season=season, season_number=1)
    places = Places.of(title_of(long))
    assert told(places, 2, 1) == (at(long, 100), Rule.TVDB)
    assert told(places, 20, 5) == (None, Rule.NO_SEASON)
    assert told(places, 1, 7) == (at(long, 7), Rule.OWN)


def test_films_need_no_number() -> None:
    film = make.AnimeFactory.create(kind="movie", episode_count=None)
    ova = make.AnimeFactory.create(kind="ova", episode_count=1)
    show = make.AnimeFactory.create()
    for anime in (film, ova):
        places = Places.of(title_of(anime))
        assert {told(places, season, number) for season in (None, 0, 1) for number in (None, 0, 1)} == {
            (at(anime, 1), Rule.SINGLE)
        }
    assert told(Places.of(title_of(ova)), None, 2023) == (None, Rule.BEYOND)
    assert told(Places.of(title_of(show)), None, None) == (None, Rule.UNNUMBERED)


def test_extras_zero_and_halves_are_specials(series: Series) -> None:
    places = Places.of(title_of(series.first))
    assert told(places, 0, 2) == (at(series.first, 2, "special"), Rule.SPECIAL)
    assert told(places, None, 0) == (at(series.first, 0, "special"), Rule.SPECIAL)
    assert told(places, None, 12.5) == (at(series.first, HALVES + 125, "special"), Rule.HALF)
    assert told(places, 0, 400) == (None, Rule.BEYOND)


@pytest.mark.parametrize(
    ("count", "known", "believed", "beyond"),
    [(12, 0, 18, 19), (1000, 0, 1050, 1051), (12, 20, 30, 31), (None, 1155, 1205, 1206), (None, 0, 51, 52)],
)
def test_a_number_far_beyond_the_known_count_is_nowhere(
    count: int | None, known: int, believed: int, beyond: int
) -> None:
    anime = make.AnimeFactory.create(episode_count=count)
    if known:
        make.EpisodeFactory.create(anime=anime, number=known)
    title = title_of(anime)
    ProviderEpisodeFactory.create(title=title, first=1)
    places = Places.of(title)
    assert told(places, None, believed) == (at(anime, believed), Rule.OWN)
    for number in (beyond, 500 + beyond, 2**31, 10**20):
        assert told(places, None, number) == (None, Rule.BEYOND)


def test_people_come_first(series: Series) -> None:
    title = title_of(series.first)
    said = NumberingOverride.objects.create
    said(title=title, first=1, last=3, anime=series.part, target_first=5)
    said(title=title, season=2, first=1, anime=series.first, target_first=1)
    said(title=title, first=6, last=6)
    said(title=title, first=0, last=0, anime=series.second, target_kind="special", target_first=3)
    said(title=title, first=100, anime=series.second, target_first=1)
    places = Places.of(title)
    assert told(places, None, 3) == (at(series.part, 7), Rule.OVERRIDE)
    assert told(places, 2, 1) == (at(series.first, 1), Rule.OVERRIDE)
    assert told(places, 2, 9) == (at(series.first, 9), Rule.OVERRIDE)
    assert told(places, None, 4) == (at(series.first, 4), Rule.OWN)
    assert told(places, None, 6) == told(places, None, 6.5) == (None, Rule.LEFT_OUT)
    assert told(places, None, None) == (at(series.second, 3, "special"), Rule.OVERRIDE)
    assert told(places, None, 2.5) == (at(series.part, HALVES + 25, "special"), Rule.OVERRIDE)
    assert told(places, None, 2**31) == (None, Rule.BEYOND)


def test_without_an_anime_only_people_place() -> None:
    title, anime = title_of(None), make.AnimeFactory.create()
    NumberingOverride.objects.create(title=title, first=5, last=5, anime=anime, target_first=1)
    places = Places.of(title)
    assert told(places, None, 5) == (at(anime, 1), Rule.OVERRIDE)
    assert told(places, 1, 1) == (None, Rule.UNMATCHED)


@pytest.mark.parametrize(
    ("entry", "numbers", "rule"),
    [
        ({"first": 3, "last": 3}, [3], Rule.OWN),
        ({"first": 11, "last": 14}, [11, 12, 13, 14], Rule.OWN),
        ({"first": 17, "last": 25}, [17, 18], Rule.OWN),
        ({"first": 5, "last": None}, [5], Rule.OWN),
        ({"first": 5, "last": 2}, [5], Rule.OWN),
        ({"first": 1, "last": 100_000, "is_batch": True}, [], Rule.BEYOND),
        ({"first": None, "last": None, "label": "The film"}, [], Rule.UNNUMBERED),
        ({"first": 12, "last": 12, "label": "Episode 12.5 Sub"}, [HALVES + 125], Rule.HALF),
        ({"first": None, "last": None, "label": "Ep 12,5"}, [HALVES + 125], Rule.HALF),
        ({"first": 5, "last": 5, "label": "5 [5.1 audio]"}, [5], Rule.OWN),
        ({"first": 2**31 - 1, "last": 2**31 - 1}, [], Rule.BEYOND),
    ],
)
def test_entries_are_single_numbers_ranges_and_recaps(entry: dict, numbers: list[int], rule: Rule) -> None:
    anime = make.AnimeFactory.create()
    placed = Places.of(title_of(anime)).of_episode(ProviderEpisode(**{"label": "An episode", **entry}))
    assert ([place.number for place in placed.places], placed.rule) == (numbers, rule)


def test_thousands_of_episodes_ask_no_more_than_one(series: Series) -> None:
    EpisodeRedirect.objects.create(mal_id=101, first=13, target_mal_id=102, target_first=1)
    few, many = title_of(series.first), title_of(series.first)
    ProviderEpisodeFactory.create(title=few, first=1)
    ProviderEpisode.objects.bulk_create(
        ProviderEpisode(
            title=many, url=f"https://x.example/{n}", label=str(n), first=n % 1500, last=n % 1500, season=n % 3
        )
        for n in range(2_000)
    )
    counts = []
    for title in (few, many):
        with CaptureQueriesContext(connection) as asked:
            places = Places.of(title)
        counts.append(len(asked))
    rows = list(many.episodes.all())
    with CaptureQueriesContext(connection) as asked:
        placed = [places.of_episode(row) for row in rows]
    assert (len(set(counts)), max(counts) <= 10, len(asked)) == (1, True, 0)
    assert len({place for one in placed for place in one.places}) < 150


def test_a_circle_of_sequels_ends(series: Series) -> None:
    Relation.objects.create(from_anime=series.part, to_anime=series.first, kind="sequel")
    assert Places.of(title_of(series.first)).place(2, 1) is not None
