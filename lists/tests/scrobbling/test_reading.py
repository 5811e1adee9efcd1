"""Messages of media servers read into one shape."""

import pytest

from lists.errors import WebhookUnreadable
from lists.scrobbling.plays import Play
from lists.scrobbling.reading import message_read
from lists.tests.scrobbling.payloads import EPISODE_SECONDS, TICKS, emby, jellyfin, plex, plex_film


def read(server: str, payload: dict) -> Play:
    play = message_read(server, payload)
    assert play is not None
    return play


@pytest.mark.parametrize(("server", "payload"), [("plex", plex()), ("jellyfin", jellyfin()), ("emby", emby())])
def test_the_three_say_the_same_of_a_finished_episode(server: str, payload: dict) -> None:
    play = read(server, payload)
    assert (play.account, play.title, play.season, play.number) == ("mika", "Hoshi no Niwa", 1, 3)
    assert (play.is_film, play.is_over, play.length) == (False, True, EPISODE_SECONDS)
    assert ("tvdb", "8300003") in play.episode_ids
    assert play.show_ids == ()


def test_plex_film_and_old_agents() -> None:
    film = read("plex", plex_film())
    assert (film.is_film, film.title, film.year, film.show_ids) == (True, "Umi no Eiga", 2019, (("tmdb", "600001"),))
    hama = read("plex", plex(guid="com.plexapp.agents.hama://anidb-1234/1/2?lang=en", Guid=None))
    assert hama.show_ids == (("anidb", "1234"),)
    old = read("plex", plex(guid="com.plexapp.agents.thetvdb://81797/2/5?lang=en"))
    assert old.show_ids == (("tvdb", "81797"),)
    second = read("plex", plex(guid="com.plexapp.agents.hama://tvdb4-81797/2/5?lang=en"))
    assert second.show_ids == (("tvdb", "81797"),)


@pytest.mark.parametrize("event", ["media.play", "media.pause", "media.resume", "media.stop", "media.rate"])
def test_only_the_scrobble_of_plex_is_an_end(event: str) -> None:
    assert not read("plex", plex(event)).is_over


def test_jellyfin_ticks_and_texts() -> None:
    ticked = jellyfin("UserDataSaved", SaveReason="TogglePlayed", Played=True)
    assert read("jellyfin", ticked).is_over
    assert not read("jellyfin", {**ticked, "Played": False}).is_over
    assert not read("jellyfin", {**ticked, "SaveReason": "PlaybackProgress"}).is_over
    written = jellyfin(PlayedToCompletion="True", EpisodeNumber="3", SeasonNumber="01", RunTimeTicks="14200000000")
    play = read("jellyfin", written)
    assert (play.is_over, play.season, play.number, play.length) == (True, 1, 3, EPISODE_SECONDS)
    half = read("jellyfin", jellyfin(PlayedToCompletion="False", PlaybackPositionTicks=EPISODE_SECONDS * TICKS // 2))
    assert (half.is_over, half.share) == (False, 50)
    assert not read("jellyfin", jellyfin("PlaybackStart")).is_over


def test_ids_at_a_jellyfin_episode_are_the_episodes_but_for_sites_that_have_none() -> None:
    play = read("jellyfin", jellyfin(Provider_anilist="11061", SeriesProvider_AniDB="8692"))
    assert set(play.show_ids) == {("anilist", "11061"), ("anidb", "8692")}
    assert ("anidb", "238801") in play.episode_ids
    film = read("jellyfin", jellyfin(ItemType="Movie", Name="Umi no Eiga", Provider_anidb="15000"))
    assert ("anidb", "15000") in film.show_ids


def test_emby_marks_and_stops() -> None:
    assert read("emby", emby("item.markplayed")).is_over
    assert not read("emby", emby("item.markunplayed")).is_over
    early = read("emby", emby(info={"PlayedToCompletion": False, "PositionTicks": EPISODE_SECONDS * TICKS // 4}))
    assert (early.is_over, early.share) == (False, 25)
    assert message_read("emby", {"Title": "Test Notification", "Event": "system.webhooktest"}) is None


@pytest.mark.parametrize(
    "payload", [None, [], "x", 5, {}, {"event": 5}, {"Event": "x"}, {"event": None, "Metadata": {"type": "episode"}}]
)
def test_what_is_no_message_of_plex_is_refused(payload: object) -> None:
    with pytest.raises(WebhookUnreadable):
        message_read("plex", payload)


@pytest.mark.parametrize("rubbish", [None, [], {"type": []}, {"type": "episode", "Guid": [5, {"id": 3}], "index": "x"}])
def test_rubbish_within_a_message_is_no_fault(rubbish: object) -> None:
    play = message_read("plex", {"event": "media.scrobble", "Account": 7, "Metadata": rubbish})
    assert play is None or (play.number, play.account, play.title) == (None, "", "")
