"""Keys and lines of episode files."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importing.episodes import episode_map, key_of_number, number_of_key
from catalog.importing.records import BadRecord
from catalog.tests.importing.records import episode_record


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("1", "regular"),
        ("S2", "special"),
        ("C1", "credits"),
        ("OP1", "credits"),
        ("ED12b", "credits"),
        ("T3", "trailer"),
        ("P1", "parody"),
        ("O1", "other"),
    ],
)
def test_kinds_of_keys(key, kind):
    assert number_of_key(key)[0] == kind


@pytest.mark.parametrize("key", ["", "X1", "S", "1a", "-1", "1.5", "OP99999", "ED1é", "S2\n", "C1c"])
def test_unknown_keys_are_refused(key):
    with pytest.raises(BadRecord):
        number_of_key(key)


@given(
    st.from_regex(r"\A(|S|C|T|P|O)[1-9][0-9]{0,4}\Z") | st.from_regex(r"\A(OP|ED)[1-9][0-9]{0,3}[a-z]?\Z"),
)
def test_every_key_has_a_number_of_its_own_and_comes_back(key):
    assert key_of_number(*number_of_key(key)) == key


def test_the_line_as_a_record():
    record = episode_map(episode_record(title={"en": "Seeds", "romaji": "Tane", "ja": "種"}))
    assert (record.mal_id, record.kind, record.number, record.season) == (1, "regular", 1, 1)
    assert record.fields["titles"] == {"en": "Seeds", "ja": "種", "ja-Latn": "Tane"}
    assert record.fields["aired_on"] == datetime.date(2019, 4, 6)
    assert record.fields["still_url"] == "https://images.example.org/e1.jpg"


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({"runtime": 24}, 1440),
        ({"runtime": None, "length": "25m"}, 1500),
        ({"runtime": None, "length": "1h 5m"}, 3900),
        ({"runtime": None, "length": "1 hr 35 min"}, 5700),
        ({"runtime": 0, "length": None}, None),
        ({"runtime": -5, "length": "long"}, None),
    ],
)
def test_lengths(changes, seconds):
    assert episode_map(episode_record(**changes)).fields["duration_seconds"] == seconds


@pytest.mark.parametrize(("date", "day"), [("2019-04-06T15:00:00+00:00", 6), ("", None), ("2019-02-30", None)])
def test_dates(date, day):
    aired = episode_map(episode_record(airDate=date)).fields["aired_on"]
    assert (aired and aired.day) == day


def test_without_a_season_there_is_no_number_in_it():
    record = episode_map(episode_record(seasonNumber=None, episodeNumber=4))
    assert (record.season, record.fields["season_number"]) == (None, None)
    assert episode_map(episode_record(absoluteEpisodeNumber=0)).fields["absolute_number"] is None


@pytest.mark.parametrize("bad", [None, [], {}, {"key": "1"}, {"mal_id": 1}, {"mal_id": 1, "key": {}}])
def test_what_is_no_episode_is_refused(bad):
    with pytest.raises(BadRecord):
        episode_map(bad)
