"""Reading `anime-list-master.xml`, and AniDB's numbers to TheTVDB's and back."""

import os
from pathlib import Path

import pytest

from providers.models import SeriesNumbering
from providers.numbering.anime_list import SeriesDraft, anime_list_read
from providers.numbering.reading import NumberingUnreadable, file_read
from providers.numbering.series import Numbered, anidb_of, anidb_place, tvdb_of, tvdb_place


def document(entries: str) -> bytes:
    return f"<?xml version='1.0' encoding='utf-8'?><anime-list>{entries}</anime-list>".encode()


def entry(attributes: str, mappings: str = "") -> bytes:
    return document(f"<anime {attributes}><name>Hoshi</name><mapping-list>{mappings}</mapping-list></anime>")


LIST = document(
    """
    <anime anidbid="1" tvdbid="70" defaulttvdbseason="1" episodeoffset=""><name>Hoshi no Niwa</name>
      <mapping-list>
        <mapping anidbseason="0" tvdbseason="0">;1-0;2-5+6;</mapping>
        <mapping anidbseason="0" tvdbseason="1">;1-26;</mapping>
        <mapping anidbseason="1" tvdbseason="2" start="14" end="26" offset="-13"/>
        <mapping anidbseason="1" tmdbseason="3" start="1" end="9"/>
      </mapping-list>
      <supplemental-info><studio>Nobody</studio></supplemental-info><before>;1-5;</before>
    </anime>
    <anime anidbid="2" tvdbid="70" defaulttvdbseason="2" episodeoffset="13"><name>Hoshi no Niwa II</name></anime>
    <anime anidbid="3" tvdbid="71" defaulttvdbseason="a" episodeoffset=""><name>Long</name></anime>
    <anime anidbid="4" tvdbid="movie" defaulttvdbseason="1" episodeoffset=""/>
    <anime anidbid="5" tvdbid="OVA"/><anime anidbid="6" tvdbid=""/><anime anidbid="7" tvdbid="unknown"/>
    """
)


def stored(data: bytes) -> dict[int, SeriesNumbering]:
    fields = ("anidb_id", "tvdb_id", "default_season", "offset", "mappings")
    rows = anime_list_read(data).series
    return {row.anidb_id: SeriesNumbering(**{name: getattr(row, name) for name in fields}) for row in rows}


def test_series_are_read_with_their_exceptions() -> None:
    read = anime_list_read(LIST)
    assert [row.anidb_id for row in read.series] == [1, 2, 3]
    assert read.elsewhere == 4
    assert read.series[1] == SeriesDraft(2, 70, "2", 13)
    assert read.series[0].mappings == [
        {
            "anidb_season": 0,
            "tvdb_season": 0,
            "start": None,
            "end": None,
            "offset": 0,
            "pairs": {"1": [0], "2": [5, 6]},
        },
        {"anidb_season": 0, "tvdb_season": 1, "start": None, "end": None, "offset": 0, "pairs": {"1": [26]}},
        {"anidb_season": 1, "tvdb_season": 2, "start": 14, "end": 26, "offset": -13, "pairs": {}},
    ]


@pytest.mark.parametrize(
    ("anidb", "season", "number", "tvdb"),
    [
        (1, 1, 5, (70, 1, 5)),
        (1, 1, 14, (70, 2, 1)),
        (1, 1, 27, (70, 1, 27)),
        (1, 0, 1, (70, 1, 26)),
        (1, 0, 2, (70, 0, 5)),
        (1, 0, 3, (70, 0, 3)),
        (2, 1, 1, (70, 2, 14)),
        (3, 1, 5, None),
    ],
)
def test_numbers_of_anidb_are_found_at_tvdb(anidb: int, season: int, number: int, tvdb: Numbered | None) -> None:
    assert tvdb_place(stored(LIST)[anidb], season, number) == tvdb


@pytest.mark.parametrize(
    ("season", "number", "anidb"),
    [
        (1, 5, (1, 1, 5)),
        (2, 1, (1, 1, 14)),
        (2, 14, (2, 1, 1)),
        (1, 26, (1, 0, 1)),
        (0, 6, None),
        (9, 1, None),
    ],
)
def test_numbers_of_tvdb_are_found_at_anidb(season: int, number: int, anidb: Numbered | None) -> None:
    of_show = [row for row in stored(LIST).values() if row.tvdb_id == 70]
    assert anidb_place(of_show, season, number) == anidb


def test_what_two_series_claim_alike_is_nobodys() -> None:
    twins = document(
        '<anime anidbid="1" tvdbid="70" defaulttvdbseason="1"/><anime anidbid="2" tvdbid="70" defaulttvdbseason="1"/>'
    )
    assert anidb_place(stored(twins).values(), 1, 3) is None


@pytest.mark.django_db
def test_single_numbers_are_asked_in_one_query(django_assert_num_queries: object) -> None:
    SeriesNumbering.objects.bulk_create(stored(LIST).values())
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert (tvdb_of(1, 1, 14), anidb_of(70, 2, 14)) == ((70, 2, 1), (2, 1, 1))
    assert (tvdb_of(99, 1, 1), anidb_of(99, 1, 1)) == (None, None)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", 0),
        (b"<html/>", 0),
        (b"<anime-list><anime", 0),
        (b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><anime-list>&a;</anime-list>", 0),
        (entry('anidbid="x" tvdbid="1"'), 1),
        (entry('tvdbid="1"'), 1),
        (entry('anidbid="1" tvdbid="99999999999"'), 1),
        (entry('anidbid="1" tvdbid="1" defaulttvdbseason="second"'), 1),
        (entry('anidbid="1" tvdbid="1" episodeoffset="1.5"'), 1),
        (entry('anidbid="1" tvdbid="1"', '<mapping anidbseason="1" tvdbseason="1">;1-2;x;</mapping>'), 1),
        (entry('anidbid="1" tvdbid="1"', '<mapping anidbseason="1" tvdbseason="1" start="one"/>'), 1),
        (document('<anime anidbid="1" tvdbid="1"/><anime anidbid="1" tvdbid="1"/>'), 2),
    ],
)
def test_what_makes_no_sense_is_named_and_nothing_is_taken(data: bytes, place: int) -> None:
    with pytest.raises(NumberingUnreadable) as found:
        anime_list_read(data)
    assert found.value.place == place


@pytest.mark.data
def test_the_real_list_is_read_whole_and_leads_back() -> None:
    data = file_read(Path(os.environ["HIROBA_DATA"]) / "ids" / "anime-list-master.xml.gz")
    read = anime_list_read(data)
    assert (len(read.series), read.elsewhere) == (7465, 9400)
    series = stored(data)
    assert tvdb_place(series[12], 1, 10) == (72070, 1, 9)
    assert tvdb_place(series[12], 1, 9) == (72070, 0, 1)
    chobits = [row for row in series.values() if row.tvdb_id == 72070]
    assert anidb_place(chobits, 1, 9) == (12, 1, 10)
