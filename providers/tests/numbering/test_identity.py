"""What an episode is called at MAL, AniDB and TheTVDB."""

import pytest

from catalog.models import Anime
from catalog.tests import factories as make
from providers.models import SeriesNumbering
from providers.numbering.identity import EpisodeIdentity, episode_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def anime() -> Anime:
    anime = make.AnimeFactory.create(mal_id=101)
    make.ExternalIdFactory.create(anime=anime, site="anidb", value="7")
    make.ExternalIdFactory.create(anime=anime, site="tvdb", value="70")
    SeriesNumbering.objects.create(anidb_id=7, tvdb_id=70, default_season="2", offset=12)
    return anime


def test_the_list_tells_what_the_catalogue_does_not(anime: Anime) -> None:
    assert episode_identity(anime.pk, 3) == EpisodeIdentity((101, 3), (7, 1, 3), (70, 2, 15), None)
    assert episode_identity(anime.pk, 3, kind="special") == EpisodeIdentity(None, (7, 0, 3), (70, 0, 3), None)


def test_the_catalogues_own_numbers_win(anime: Anime, django_assert_num_queries: object) -> None:
    season = make.SeasonFactory.create(anime=anime, number=1)
    make.EpisodeFactory.create(anime=anime, number=3, season=season, season_number=15, absolute_number=15)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert episode_identity(anime.pk, 3) == EpisodeIdentity((101, 3), (7, 1, 3), (70, 1, 15), 15)


def test_absolute_series_count_as_anidb_does(anime: Anime) -> None:
    SeriesNumbering.objects.update(default_season="a", offset=0)
    assert episode_identity(anime.pk, 800) == EpisodeIdentity((101, 800), (7, 1, 800), None, 800)


def test_what_is_not_known_is_none(anime: Anime) -> None:
    assert episode_identity(make.AnimeFactory.create().pk, 1) == EpisodeIdentity()
    assert episode_identity(2**31 - 1, 1) == EpisodeIdentity()
    for number in (0, -1, 1_000_125, 2**40):
        assert episode_identity(anime.pk, number) == EpisodeIdentity()
    make.ExternalIdFactory.create(anime=anime, site="anidb", value="8")
    assert episode_identity(anime.pk, 1).anidb is None
