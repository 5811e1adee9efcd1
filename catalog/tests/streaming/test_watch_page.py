"""The watch page: what the player is told, to whom, with how many queries."""

import pytest
from django.test import Client

from catalog.models import SourceHealth, SourceKind
from catalog.selectors.playback import playback_of
from catalog.streaming import remade
from catalog.streaming.remade import MadeText, Playable, Remaker
from catalog.tests.factories import (
    AnimeFactory,
    EpisodeFactory,
    EpisodeSourceFactory,
    OfficialLinkFactory,
    SubtitleTrackFactory,
    TimecodeFactory,
    TranslationFactory,
)


@pytest.fixture
def anime(db):
    anime = AnimeFactory(document=True)
    for number in (1, 2, 3):
        EpisodeFactory(anime=anime, number=number, title=f"Part {number}")
    return anime


def local(episode, **fields):
    values = {"kind": SourceKind.LOCAL, "url": "", "path": f"library:{episode.pk}-{fields.get('position', 0)}.mp4"}
    return EpisodeSourceFactory(episode=episode, **(values | fields))


def test_neighbours_and_sources_in_order(anime, settings) -> None:
    settings.PLAYER_HOSTS = ["cdn.example.org"]
    episode = anime.episodes.get(number=2)
    remote = {"kind": SourceKind.HLS, "path": ""}
    dead = local(episode, health=SourceHealth.DEAD, position=0)
    allowed = EpisodeSourceFactory(episode=episode, url="https://cdn.example.org/a.m3u8", **remote)
    EpisodeSourceFactory(episode=episode, url="https://elsewhere.example.org/a.m3u8", **remote)
    EpisodeSourceFactory(episode=episode, url="https://cdn.example.org.evil.example/a.m3u8", **remote)
    good = local(episode, position=3)
    local(episode, path="library:film.avi", position=4)
    remade = local(episode, path="library:film.mkv", position=4)
    local(episode, position=5, is_enabled=False)
    playback = playback_of(anime, 2)
    assert [s["id"] for s in playback.sources] == [good.pk, remade.pk, allowed.pk, dead.pk]
    assert (playback.previous.number, playback.next.number) == (1, 3)


def test_a_file_no_browser_plays_is_offered_in_pieces(anime) -> None:
    source = local(anime.episodes.get(number=1), path="library:Show/01.mkv")
    told = playback_of(anime, 1).sources[0]
    assert (told["kind"], told["url"]) == ("hls", f"/stream/{source.pk}/made/master.m3u8")


def test_what_is_known_of_a_file_decides_how_it_plays(anime, monkeypatch) -> None:
    playable = Playable(
        direct='video/mp4; codecs="hvc1.1.6.L120.90, mp4a.40.2"',
        made=(("master.m3u8", "video/mp4"), ("transcoded.m3u8", "")),
        is_made_better=True,
        texts=(MadeText("s3.ass", "ass", "en", "Signs"),),
        texts_kept="derived:subtitles/7-",
    )
    monkeypatch.setattr(
        remade, "_remaker", [Remaker(lambda paths: dict.fromkeys(paths, playable), lambda path, name: None)]
    )
    source = local(anime.episodes.get(number=1), path="library:Show/01.mp4")
    playback = playback_of(anime, 1)
    made, direct = f"/stream/{source.pk}/made/", f"/stream/{source.pk}/01.mp4"
    assert [way["url"] for way in playback.sources[0]["ways"]] == [
        f"{made}master.m3u8",
        direct,
        f"{made}transcoded.m3u8",
    ]
    assert playback.sources[0]["kind"] == "hls"
    text = playback.subtitles[0]
    assert (text["url"], text["format"], text["source"]) == (f"{made}s3.ass", "ass", source.pk)
    SubtitleTrackFactory(episode=source.episode, path="derived:subtitles/71-a/00.ass")
    assert len(playback_of(anime, 1).subtitles) == 2
    SubtitleTrackFactory(episode=source.episode, path="derived:subtitles/7-a/00.ass")
    assert not [text for text in playback_of(anime, 1).subtitles if "source" in text], "it has been taken out"


def test_the_page_hands_everything_to_the_player(client: Client, anime) -> None:
    episode = anime.episodes.get(number=1)
    local(episode, translation=TranslationFactory(code="team-dub"), thumbnails_path="library:thumbs/t.vtt")
    SubtitleTrackFactory(episode=episode)
    TimecodeFactory(anime=anime, episode_number=1, translation_id="team-dub", intro_start=5, intro_end=95)
    page = client.get(f"/watch/{anime.pk}/1")
    assert page.status_code == 200
    data = page.context["player"]
    assert data["timecodes"]["team-dub"]["intro_end"] == 95
    assert data["sources"][0]["translation"]["id"] == "team-dub"
    assert data["sources"][0]["thumbnails"].endswith("/thumbnails/t.vtt")
    assert data["previous"] is None
    assert data["next"]["url"] == f"/watch/{anime.pk}/2"
    assert b"csrf" in page.content
    assert data["csrf"] == ""


def test_an_episode_without_a_source_says_where_to_watch(client: Client, anime) -> None:
    OfficialLinkFactory(anime=anime, url="https://official.example.org/show")
    page = client.get(f"/watch/{anime.pk}/1").content.decode()
    assert "https://official.example.org/show" in page
    assert "media-controller" not in page


@pytest.mark.parametrize(("path", "status"), [("/watch/{}/9", 404), ("/watch/999999/1", 404)])
def test_what_is_not_there(client: Client, anime, path: str, status: int) -> None:
    assert client.get(path.format(anime.pk), headers={"accept": "text/html"}).status_code == status


def test_a_restricted_anime_shows_its_reason_and_a_hidden_one_is_gone(client: Client, db) -> None:
    restricted, hidden = AnimeFactory(restricted=True), AnimeFactory(hidden=True)
    for anime in (restricted, hidden):
        EpisodeFactory(anime=anime, number=1)
    page = client.get(f"/watch/{restricted.pk}/1", headers={"accept": "text/html"})
    assert page.status_code == 403
    assert b"Licensed here" in page.content
    assert client.get(f"/watch/{hidden.pk}/1", headers={"accept": "text/html"}).status_code == 410


def test_the_number_of_queries_does_not_grow(client: Client, anime, django_assert_max_num_queries) -> None:
    episode = anime.episodes.get(number=1)
    for position in range(6):
        local(episode, position=position, translation=TranslationFactory())
        SubtitleTrackFactory(episode=episode, path=f"library:{position}.ass")
    for number in range(4, 90):
        EpisodeFactory(anime=anime, number=number)
    with django_assert_max_num_queries(7):
        assert client.get(f"/watch/{anime.pk}/50").status_code == 200
