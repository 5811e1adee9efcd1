"""Which episode a name is: seasons, numbers that count on, films, specials, namesakes."""

import pytest

from catalog.models import RelationKind
from catalog.tests.factories import EpisodeFactory, RelationFactory, SeasonFactory
from downloads.library.matching import NOTHING, Match, Matcher
from downloads.names.parsed import ParsedName

pytestmark = pytest.mark.django_db


def name(title: str, number: int | None = None, **given) -> ParsedName:
    episodes = given.pop("episodes", (number, number) if number is not None else None)
    return ParsedName(name=title, title=title, episodes=episodes, **given)


def told(match: Match) -> tuple:
    return match.anime_id, match.kind, match.first, match.last


def test_seasons_and_numbers_that_count_on_through_them(series):
    first = series("Hoshi no Niwa", episodes=12, year=2019)
    second = series("Hoshi no Niwa 2nd Season", episodes=13, year=2021)
    third = series("Hoshi no Niwa: Owari no Uta", episodes=10, year=2023)
    for one, other in ((first, second), (second, third)):
        RelationFactory(from_anime=one, to_anime=other, kind=RelationKind.SEQUEL)
    matcher = Matcher()
    cases = {
        name("Hoshi no Niwa", 5): (first.pk, "regular", 5, 5),
        name("Hoshi no Niwa", 5, season=1): (first.pk, "regular", 5, 5),
        name("Hoshi no Niwa", 5, season=2): (second.pk, "regular", 5, 5),
        name("Hoshi no Niwa S2", 5): (second.pk, "regular", 5, 5),
        name("Hoshi no Niwa 2nd Season", 5, season=2): (second.pk, "regular", 5, 5),
        name("Hoshi no Niwa", 4, season=3): (third.pk, "regular", 4, 4),
        name("Hoshi no Niwa", 14): (second.pk, "regular", 2, 2),
        name("Hoshi no Niwa", 26): (third.pk, "regular", 1, 1),
        name("Hoshi no Niwa", 3, season=2, year=2019): (second.pk, "regular", 3, 3),
        name("Hoshi no Niwa", episodes=(1, 2)): (first.pk, "regular", 1, 2),
    }
    found = {asked: told(matcher.match(asked)) for asked in cases}
    assert found == cases
    for none in (
        name("Hoshi no Niwa", 99),
        name("Hoshi no Niwa", 1, season=9),
        name("Hoshi no Niwa", episodes=(12, 13)),
    ):
        match = matcher.match(none)
        assert match.anime_id is None, none
        assert match.suggestions, none


def test_seasons_as_thetvdb_counts_them(series):
    anime = series("Umi no Uta", episodes=0)
    anime.episode_count = 24
    anime.save(update_fields=["episode_count"])
    for season, offset in ((1, 0), (2, 12)):
        row = SeasonFactory(anime=anime, number=season)
        for number in range(1, 13):
            EpisodeFactory(anime=anime, number=offset + number, season=row, season_number=number)
    match = Matcher().match(name("Umi no Uta", 3, season=2))
    assert told(match) == (anime.pk, "regular", 15, 15)


def test_a_second_season_of_television_is_not_the_first(series):
    first = series("Mori no Piano (TV)", episodes=12)
    second = series("Mori no Piano (TV) 2nd Season", episodes=12, slug="mori-2")
    asked = {1: first.pk, 2: second.pk}
    matcher = Matcher()
    for season, anime_id in asked.items():
        one = ParsedName(name="Mori no Piano (TV) - 01.mkv", title="Mori no Piano", season=season, episodes=(1, 1))
        assert matcher.match(one).anime_id == anime_id, season


def test_films_need_no_number_and_series_do(series):
    film = series("Kaze no Michi", episodes=1, kind="movie", year=2015)
    show = series("Kaze no Machi", episodes=12)
    matcher = Matcher()
    assert told(matcher.match(name("Kaze no Michi", year=2015))) == (film.pk, "regular", 1, 1)
    three = series("Byou no Kisetsu", episodes=3, kind="movie")
    assert told(Matcher().match(name("Byou no Kisetsu"))) == (three.pk, "regular", 1, 3)
    nothing = matcher.match(name("Kaze no Machi"))
    assert nothing.anime_id is None
    assert nothing.suggestions[0][0] == show.pk
    assert "no_number" in nothing.suggestions[0][2]


def test_namesakes_are_told_apart_by_the_year_or_not_at_all(series):
    old = series("Yume", episodes=12, year=2001, popularity=1000)
    new = series("Yume", episodes=12, year=2019, slug="yume-2019", popularity=1500)
    matcher = Matcher()
    assert matcher.match(name("Yume", 1, year=2001)).anime_id == old.pk
    assert matcher.match(name("Yume", 1, year=2019)).anime_id == new.pk
    open_question = matcher.match(name("Yume", 1))
    assert open_question.anime_id is None
    assert {one[0] for one in open_question.suggestions} == {old.pk, new.pk}


def test_signs_tell_titles_apart_that_sound_the_same(series):
    one = series("Kei-on!", episodes=12, popularity=1000)
    two = series("Kei-on!!", episodes=24, slug="keion-2", popularity=1000)
    matcher = Matcher()
    assert matcher.match(name("Kei-on!", 3)).anime_id == one.pk
    assert matcher.match(name("Kei-on!!", 3)).anime_id == two.pk


def test_specials_and_openings_only_where_the_catalogue_has_them(series):
    show = series("Hoshi no Niwa", episodes=12)
    ova = series("Hoshi no Niwa OVA", episodes=2, kind="ova")
    EpisodeFactory(anime=show, kind="credits", number=1)
    matcher = Matcher()
    assert told(matcher.match(name("Hoshi no Niwa", 2, kind="special"))) == (ova.pk, "regular", 2, 2)
    assert told(matcher.match(name("Hoshi no Niwa", 1, kind="credits"))) == (show.pk, "credits", 1, 1)
    assert matcher.match(name("Hoshi no Niwa", 9, kind="credits")).anime_id is None


def test_tags_inside_a_file_name_its_episode(series):
    anime = series("Hoshi no Niwa", episodes=12)
    tags = {"show": "Hoshi no Niwa", "season_number": "1", "episode_sort": "4"}
    match = Matcher().match_tags(ParsedName(name="x"), tags)
    assert (*told(match), match.by) == (anime.pk, "regular", 4, 4, "tags")


def test_no_name_makes_it_raise(series):
    series("Hoshi no Niwa")
    matcher = Matcher()
    odd = ["", " ", "!!!", "\x00", "a" * 5000, "日" * 300, "'; DROP TABLE", "\udcff", "%s %(x)s", "1", "S01E01"]
    for title in odd:
        for number in (None, 0, 1, 99_999):
            assert matcher.match(name(title, number, season=2)).anime_id is None, title


def test_fifty_files_of_a_series_cost_one_look_up(series, django_assert_max_num_queries):
    series("Hoshi no Niwa", episodes=50)
    matcher = Matcher()
    names = [name("Hoshi no Niwa", number) for number in range(1, 51)]
    with django_assert_max_num_queries(8):
        matcher.prepare((one, NOTHING) for one in names)
        assert all(matcher.match(one).anime_id for one in names)
