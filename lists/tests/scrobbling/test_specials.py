"""Specials (season 0) that the catalogue has as anime of their own, by TheTVDB's numbers, and those that it does not."""

from pathlib import Path
from typing import Any

import pytest

from catalog.models import Anime, Episode, Relation, Season
from catalog.tests.factories import AnimeFactory, EpisodeFactory, ExternalIdFactory
from lists.scrobbling.matching import Match, Unmatched, play_match
from lists.scrobbling.plays import Play

pytestmark = pytest.mark.django_db
SHOW = (("tvdb", "81797"),)


@pytest.fixture(autouse=True)
def search_dir(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_DIR = tmp_path / "search"


def play(number: int | None = 3, **changes: Any) -> Play:
    known = {"event": "media.scrobble", "account": "mika", "is_film": False, "title": "Ao no Umi", "season": 0}
    return Play(**{**known, "number": number, **changes})


def reason(wanted: Play) -> str:
    with pytest.raises(Unmatched) as refused:
        play_match(wanted)
    return refused.value.reason


@pytest.fixture
def series() -> Anime:
    anime = AnimeFactory.create(title="Ao no Umi", episode_count=12, document=True)
    ExternalIdFactory(anime=anime, site="tvdb", value="81797")
    return anime


@pytest.fixture
def ova(series: Anime) -> Anime:
    """Three OVAs, specials 3 to 5 of the show at TheTVDB."""
    anime = AnimeFactory.create(title="Ao no Umi: Nagisa", kind="ova", episode_count=3, document=True)
    ExternalIdFactory(anime=anime, site="tvdb", value="81797")
    season = Season.objects.create(anime=anime, number=0)
    for number in (1, 2, 3):
        EpisodeFactory(anime=anime, number=number, season=season, season_number=number + 2, tvdb_id=900 + number)
    return anime


def test_the_number_at_tvdb_tells_the_ova(ova: Anime) -> None:
    assert play_match(play(3, show_ids=SHOW)) == Match(ova.pk, 1, "season")
    assert play_match(play(5, show_ids=SHOW)) == Match(ova.pk, 3, "season")
    assert reason(play(1, show_ids=SHOW)) == "special"
    assert reason(play(0, show_ids=SHOW)) == "no_number"


def test_the_episodes_own_id_tells_it_without_any_id_of_the_show(ova: Anime) -> None:
    found = play(77, episode_ids=(("tvdb", "902"),))  # the number is another site's
    assert play_match(found) == Match(ova.pk, 2, "episode")
    assert reason(play(3, episode_ids=(("tvdb", "999"),), show_ids=SHOW)) == "special"
    assert reason(play(3, title="Something Else", episode_ids=(("tvdb", "902"),))) == "special"


def test_an_ova_that_is_only_related_is_found_by_the_episodes_id(series: Anime) -> None:
    film = AnimeFactory.create(title="Ao no Umi the Movie", kind="movie", episode_count=1, document=True)
    Relation.objects.create(from_anime=series, to_anime=film, kind="side_story")
    EpisodeFactory(anime=film, number=1, tvdb_id=950)
    assert play_match(play(9, episode_ids=(("tvdb", "950"),))) == Match(film.pk, 1, "episode")


def test_specials_of_the_franchise_are_the_shows_where_it_is_the_only_one(series: Anime) -> None:
    film = AnimeFactory.create(title="Ao no Umi the Movie", kind="movie", episode_count=1, document=True)
    Relation.objects.create(from_anime=series, to_anime=film, kind="side_story")
    EpisodeFactory(anime=film, number=1, season=Season.objects.create(anime=film, number=0), season_number=8)
    assert play_match(play(8, show_ids=SHOW)) == Match(film.pk, 1, "season")
    sequel = AnimeFactory.create(title="Aka no Umi", document=True)
    Relation.objects.create(from_anime=series, to_anime=sequel, kind="sequel")
    ExternalIdFactory(anime=sequel, site="tvdb", value="99999")
    assert reason(play(8, show_ids=SHOW)) == "special"  # it may be the other show's eighth


def test_tmdbs_order_of_specials_is_not_taken_for_tvdbs(ova: Anime) -> None:
    assert reason(play(3, show_ids=(*SHOW, ("tmdb", "2817")))) == "special"
    assert reason(play(3)) == "special"  # a name alone does not say whose order it is


def test_two_that_claim_one_number_are_none(ova: Anime) -> None:
    other = AnimeFactory.create(title="Ao no Umi: Oki", kind="special", episode_count=1, document=True)
    ExternalIdFactory(anime=other, site="tvdb", value="81797")
    EpisodeFactory(anime=other, number=1, season=Season.objects.create(anime=other, number=0), season_number=3)
    assert reason(play(3, show_ids=SHOW)) == "special"


def test_specials_that_are_episodes_of_no_list_stay_out(series: Anime) -> None:
    season = Season.objects.create(anime=series, number=0)
    EpisodeFactory(anime=series, kind="special", number=1, season=season, season_number=1, tvdb_id=960)
    assert Episode.objects.filter(kind="special").exists()
    assert reason(play(1, show_ids=SHOW)) == "special"
    assert reason(play(1, show_ids=SHOW, episode_ids=(("tvdb", "960"),))) == "special"


def test_an_id_of_a_site_without_specials_names_a_single_episode() -> None:
    single = AnimeFactory.create(title="Tokubetsu-hen", kind="special", episode_count=1)
    double = AnimeFactory.create(title="Ni-hen", kind="ova", episode_count=2)
    ExternalIdFactory(anime=single, site="anilist", value="11")
    ExternalIdFactory(anime=double, site="anilist", value="12")
    assert play_match(play(4, show_ids=(("anilist", "11"),))) == Match(single.pk, 1, "id")
    assert reason(play(1, show_ids=(("anilist", "12"),))) == "special"
