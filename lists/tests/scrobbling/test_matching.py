"""Which episode of ours a play is; where it is not certain, none."""

from pathlib import Path
from typing import Any

import pytest

from catalog.models import Anime, Relation, Season
from catalog.tests.factories import AnimeFactory, EpisodeFactory, ExternalIdFactory
from lists.scrobbling.matching import Match, Unmatched, play_match
from lists.scrobbling.plays import Play

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def search_dir(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_DIR = tmp_path / "search"


def play(title: str = "Ao no Umi", season: int | None = 1, number: int | None = 3, **more: Any) -> Play:
    return Play("x", "mika", is_film=more.pop("is_film", False), title=title, season=season, number=number, **more)


def reason(wanted: Play) -> str:
    with pytest.raises(Unmatched) as refused:
        play_match(wanted)
    return refused.value.reason


def anime(title: str, count: int | None = 12, after: Anime | None = None, **fields: Any) -> Anime:
    made = AnimeFactory(title=title, episode_count=count, document=True, **fields)
    if after is not None:
        Relation.objects.create(from_anime=after, to_anime=made, kind="sequel")
    return made


@pytest.fixture
def serial() -> list[Anime]:
    """Two seasons, the second in two parts, a film between the seasons."""
    first = anime("Ao no Umi", 12)
    film = anime("Ao no Umi: The Film", 1, after=first, kind="movie")
    second = anime("Ao no Umi Season 2", 12, after=film)
    part = anime("Ao no Umi Season 2 Part 2", 10, after=second)
    third = anime("Ao no Umi: Sora", None, after=part)
    return [first, second, part, third]


def test_titles_and_seasons(serial: list[Anime]) -> None:
    first, second, part, third = serial
    assert play_match(play()) == Match(first.pk, 3, "title")
    assert play_match(play(season=2, number=1)) == Match(second.pk, 1, "title")
    assert play_match(play(season=2, number=14)) == Match(part.pk, 2, "title")
    assert play_match(play(season=3, number=5)) == Match(third.pk, 5, "title")
    assert play_match(play("Ao no Umi Season 2", season=1, number=2)) == Match(second.pk, 2, "title")
    assert reason(play(season=2, number=23)) == "beyond"
    assert reason(play(season=4)) == "season_unknown"


def test_a_number_beyond_the_first_season_goes_over_to_its_sequels(serial: list[Anime]) -> None:
    assert play_match(play(number=13)) == Match(serial[1].pk, 1, "title")
    assert play_match(play(number=40)) == Match(serial[3].pk, 6, "title")
    anime("Ao no Umi: The Other Sequel", 12, after=serial[0])
    assert play_match(play(number=12)) == Match(serial[0].pk, 12, "title")
    assert reason(play(number=13)) == "beyond"  # two sequels: nobody knows which
    assert reason(play(season=3)) == "season_unknown"


def test_what_cannot_be_told_is_not_guessed(serial: list[Anime]) -> None:
    assert reason(play("Aka no Yama")) == "unknown_title"
    assert reason(play("Ao no")) == "unknown_title"
    assert reason(play("")) == "unknown_title"
    assert reason(play(number=None)) == "no_number"
    assert reason(play(number=0)) == "no_number"
    assert reason(play(season=0)) == "special"


def test_namesakes_are_told_apart_by_their_year_alone() -> None:
    old, new = anime("Kaze", year=1999), anime("Kaze", year=2020)
    assert reason(play("Kaze")) == "ambiguous"
    assert play_match(play("Kaze", year=2020)).anime_id == new.pk
    assert play_match(play("Kaze", year=1999)).anime_id == old.pk


def test_ids_come_before_titles(serial: list[Anime]) -> None:
    other = anime("Quite Another Name", 24)
    for site, value in (("anidb", "1234"), ("anilist", "5678"), ("kitsu", "42"), ("mal", "900")):
        ExternalIdFactory(anime=other, site=site, value=value)
        assert play_match(play(show_ids=((site, value),))) == Match(other.pk, 3, "id")
    assert play_match(play(show_ids=(("shikimori", "900"),))).anime_id == other.pk
    assert play_match(play(show_ids=(("anidb", "999999"),))).by == "title"


def test_an_episodes_own_id_is_no_anime_id(serial: list[Anime]) -> None:
    ExternalIdFactory(anime=anime("Quite Another Name"), site="anidb", value="777")
    assert play_match(play(episode_ids=(("anidb", "777"),))) == Match(serial[0].pk, 3, "title")


def test_a_show_at_tvdb_of_several_seasons(serial: list[Anime]) -> None:
    first, second, part, _third = serial
    for one in serial:
        ExternalIdFactory(anime=one, site="tvdb", value="81797")
    show = {"title": "Some Other Spelling", "show_ids": (("tvdb", "81797"),)}
    assert play_match(play(**show)) == Match(first.pk, 3, "id")
    assert play_match(play(**show, season=2, number=13)) == Match(part.pk, 1, "id")
    # What the catalogue itself knows of TheTVDB's seasons wins over counting.
    row = EpisodeFactory(anime=second, number=7, season_number=1)
    row.season = Season.objects.create(anime=second, number=5)
    row.save()
    assert play_match(play(**show, season=5, number=1)) == Match(second.pk, 7, "season")
    row.tvdb_id = 8_300_003
    row.save()
    assert play_match(play(**show, episode_ids=(("tvdb", "8300003"),))) == Match(second.pk, 7, "episode")


def test_films_are_episode_one() -> None:
    film = anime("Umi no Eiga", 1, kind="movie", year=2019)
    series = anime("Umi no Eiga", 12)
    wanted = play("Umi no Eiga", season=None, number=None, is_film=True)
    assert play_match(wanted) == Match(film.pk, 1, "title")
    assert play_match(play("Umi no Eiga")) == Match(series.pk, 3, "title")
    ExternalIdFactory(anime=film, site="tmdb", value="600001")
    ExternalIdFactory(anime=series, site="tmdb", value="600001")
    named = play("Nothing", season=None, number=None, is_film=True, show_ids=(("tmdb", "600001"),))
    assert play_match(named) == Match(film.pk, 1, "id")
    assert reason(play("Nothing", is_film=True)) == "unknown_title"
