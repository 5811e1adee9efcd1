"""Sources of a library for many anime at once, files that move, subtitles beside them."""

import pytest

from catalog.models import EpisodeSource, SubtitleTrack
from catalog.services.episode_sources import Origin, SourceDraft, sources_put_many
from catalog.services.episode_subtitles import SubtitleDraft, subtitles_below, subtitles_put, subtitles_remove
from catalog.services.local_paths import LocalFacts, local_paths_move, local_sources_describe, sources_at
from catalog.tests.factories import AnimeFactory, EpisodeFactory, EpisodeSourceFactory, SubtitleTrackFactory

pytestmark = pytest.mark.django_db
LIBRARY = Origin("library", "Library")


def draft(number: int, path: str) -> SourceDraft:
    return SourceDraft("regular", number, None, "local", path=path)


def test_sources_of_several_anime_are_put_at_once(django_assert_max_num_queries):
    one, other, merged = AnimeFactory(), AnimeFactory(), AnimeFactory(merged_into=AnimeFactory())
    puts = {one.pk: [draft(1, "library:a1"), draft(2, "library:a2")], other.pk: [draft(1, "library:b1")]}
    done = sources_put_many(puts={**puts, merged.pk: [draft(1, "library:m")]}, origin=LIBRARY)
    assert (done[one.pk].created, done[other.pk].created, done[merged.pk].created) == (2, 1, 0)
    assert sorted(sources_at(["library:a1", "library:b1", "library:m"])) == ["library:a1", "library:b1"]
    again = sources_put_many(puts=puts, origin=LIBRARY)
    assert (again[one.pk].created, again[other.pk].created) == (0, 0)


def test_two_files_change_places_and_their_rows_follow():
    episode = EpisodeFactory()
    first = EpisodeSourceFactory(episode=episode, kind="local", url="", path="library:a.mkv")
    second = EpisodeSourceFactory(episode=episode, kind="local", url="", path="library:b.mkv")
    track = SubtitleTrackFactory(episode=episode, path="library:a.en.vtt")
    moves = {"library:a.mkv": "library:b.mkv", "library:b.mkv": "library:a.mkv", "library:a.en.vtt": "library:c.en.vtt"}
    assert local_paths_move(paths=moves) == 3
    assert EpisodeSource.objects.get(pk=first.pk).path == "library:b.mkv"
    assert EpisodeSource.objects.get(pk=second.pk).path == "library:a.mkv"
    assert SubtitleTrack.objects.get(pk=track.pk).path == "library:c.en.vtt"


def test_a_place_that_is_taken_stays_with_who_has_it():
    episode = EpisodeFactory()
    one = EpisodeSourceFactory(episode=episode, translation=None, kind="local", url="", path="library:a.mkv")
    EpisodeSourceFactory(episode=episode, translation=None, kind="local", url="", path="library:b.mkv")
    assert local_paths_move(paths={"library:a.mkv": "library:b.mkv"}) == 0
    assert EpisodeSource.objects.get(pk=one.pk).path == "library:a.mkv"


def test_subtitles_are_put_once_and_taken_away_with_their_file():
    episode = EpisodeFactory(number=1)
    drafts = [
        SubtitleDraft("regular", 1, "en", "ass", "library:s/1.en.ass"),
        SubtitleDraft("regular", 99, "en", "ass", "library:s/99.ass"),
    ]
    assert subtitles_put(puts={episode.anime_id: drafts}) == 1
    assert subtitles_put(puts={episode.anime_id: drafts}) == 0
    assert subtitles_below("library:s/") == {"library:s/1.en.ass"}
    assert subtitles_remove(paths=["library:s/1.en.ass", "library:s/none"]) == 1
    assert not SubtitleTrack.objects.exists()


def test_a_look_inside_tells_height_and_languages_once():
    episode = EpisodeFactory()
    source = EpisodeSourceFactory(
        episode=episode, translation=None, kind="local", url="", path="library:a.mkv", quality=0
    )
    facts = {"library:a.mkv": LocalFacts(720, ("ja", "de")), "library:none": LocalFacts(1, ())}
    assert local_sources_describe(facts=facts) == 1
    source.refresh_from_db()
    assert (source.quality, source.audio_languages) == (720, ["ja", "de"])
    assert local_sources_describe(facts=facts) == 0
