"""Seek pictures of local files, and openings that nobody has reviewed."""

import pytest

from catalog.models import Timecode
from catalog.services.episode_extras import thumbnails_set, timecodes_propose
from catalog.services.timecodes import Spans
from catalog.tests.factories import AnimeFactory, EpisodeFactory, EpisodeSourceFactory, TimecodeFactory

pytestmark = pytest.mark.django_db


def test_thumbnails_go_to_every_source_of_a_file_but_not_over_those_of_staff():
    made = [
        EpisodeSourceFactory(kind="local", url="", path="library:a.mkv"),
        EpisodeSourceFactory(kind="local", url="", path="library:a.mkv", thumbnails_path="derived:old/t.vtt"),
        EpisodeSourceFactory(kind="local", url="", path="library:a.mkv", thumbnails_path="library:own.vtt"),
        EpisodeSourceFactory(kind="local", url="", path="library:b.mkv"),
    ]
    assert thumbnails_set(path="library:a.mkv", thumbnails="derived:new/t.vtt") == 2
    assert thumbnails_set(path="library:a.mkv", thumbnails="derived:new/t.vtt") == 0
    for source in made:
        source.refresh_from_db()
    assert [s.thumbnails_path for s in made] == ["derived:new/t.vtt", "derived:new/t.vtt", "library:own.vtt", ""]


def test_proposals_leave_what_was_reviewed():
    anime = AnimeFactory(duration_seconds=1440)
    for number in range(1, 7):
        EpisodeFactory(anime=anime, number=number, duration_seconds=None)
    TimecodeFactory(anime=anime, episode_number=2, translation_id="", intro_start=1, intro_end=2)
    TimecodeFactory(anime=anime, episode_number=3, translation_id="team", intro_start=None, intro_end=None)
    good = Spans(intro_start=10.0, intro_end=100.0, outro_start=1300.0, outro_end=1390.0)
    spans = dict.fromkeys((1, 2, 3, 9), good)
    spans[4] = Spans(outro_start=1300.0, outro_end=9000.0)
    spans[5] = Spans(intro_start=10.0, intro_end=1350.0, outro_start=1300.0, outro_end=1390.0)
    spans[6] = Spans()
    before = Timecode.objects.count()
    assert timecodes_propose(anime_id=anime.pk, spans=spans) == [1]
    assert timecodes_propose(anime_id=anime.pk, spans=spans) == []
    assert timecodes_propose(anime_id=0, spans=spans) == []
    row = Timecode.objects.get(anime=anime, episode_number=1)
    assert (row.translation_id, row.intro_start, row.outro_end, row.updated_by) == ("", 10.0, 1390.0, None)
    assert Timecode.objects.count() == before + 1
