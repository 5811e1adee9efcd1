"""What a play is remembered by."""

from lists.models import ScrobblePlay
from lists.scrobbling.keys import counts_in_season, play_keys
from lists.scrobbling.plays import Play
from lists.scrobbling.reading import message_read
from lists.tests.scrobbling.payloads import emby, jellyfin, plex, plex_film


def play(server: str, payload: dict) -> Play:
    found = message_read(server, payload)
    assert found is not None
    return found


def test_a_season_has_one_key_and_each_episode_its_own() -> None:
    for server, one, two, next_season in (
        ("plex", plex(index=1), plex(index=2), plex(index=1, parentIndex=2)),
        ("jellyfin", jellyfin(EpisodeNumber=1), jellyfin(EpisodeNumber=2), jellyfin(EpisodeNumber=1, SeasonNumber=2)),
        ("emby", emby(IndexNumber=1), emby(IndexNumber=2), emby(IndexNumber=1, ParentIndexNumber=2)),
    ):
        first, second, third = (play_keys(server, play(server, payload)) for payload in (one, two, next_season))
        assert first.season == second.season != third.season
        assert len({first.episode, second.episode, third.episode}) == 3
        assert len(first.season) == len(first.episode) == 32


def test_namesakes_other_servers_and_corrected_shows_are_others() -> None:
    first = play_keys("plex", play("plex", plex()))
    for other in (plex(grandparentRatingKey="8000"), plex(grandparentTitle="Hoshi no Mori")):
        assert play_keys("plex", play("plex", other)).season != first.season
    assert play_keys("emby", play("plex", plex())) != first
    moved = plex()
    moved["Server"]["uuid"] = "another"
    assert play_keys("plex", play("plex", moved)).season != first.season


def test_where_a_server_tells_no_id_the_name_and_year_are_the_key() -> None:
    bare = {"SeriesId": None, "ServerId": None}
    old = play_keys("jellyfin", play("jellyfin", jellyfin(**bare, SeriesName="Kaze (1999)")))
    new = play_keys("jellyfin", play("jellyfin", jellyfin(**bare, SeriesName="Kaze (2020)")))
    assert old.season != new.season
    assert old == play_keys("jellyfin", play("jellyfin", jellyfin(**bare, SeriesName="KAZE (1999)", Name="Other")))


def test_films_specials_and_the_unnumbered_stand_for_themselves() -> None:
    film = play("plex", plex_film())
    assert film.show == "54664a3d8acc39983675640ec9ce00b7/99"
    assert not counts_in_season(ScrobblePlay(is_film=True, season=None, number=None))
    assert not counts_in_season(ScrobblePlay(is_film=False, season=0, number=3))
    assert not counts_in_season(ScrobblePlay(is_film=False, season=1, number=None))
    assert counts_in_season(ScrobblePlay(is_film=False, season=1, number=0))
    unnumbered = [play("plex", plex(index=None, title=name)) for name in ("One", "Two")]
    assert len({play_keys("plex", one).episode for one in unnumbered}) == 2
