"""Yamtrack's CSV."""

import io

import pytest

from lists.importing.errors import ListFileUnreadable
from lists.importing.reading import list_read
from lists.importing.records import ReadList
from lists.services.states import EntryState

HEAD = "media_id,source,media_type,title,image,season_number,episode_number,score,status,notes,start_date,end_date,progress"


def read(*rows: str, head: str = HEAD) -> ReadList:
    return list_read(file=io.BytesIO("\r\n".join([head, *rows]).encode()))


def test_what_it_really_exports() -> None:
    found = read(
        '"227","mal","anime","FLCL","https://x/y.jpg","","","8.5","In progress","a ""quoted"", note\nof two lines",'
        '"2024-02-09 00:00:00+00:00","","2"',
        "1668,tmdb,tv,Friends,,,,,In progress,,2024-02-09,,24",
        "1668,tmdb,episode,Friends,,1,24,,,,,2024-02-09,",
        "2,mal,manga,Berserk,,,,,Completed,,,2024-02-09,0",
        "1,manual,anime,My own,,,,0.0,Planning,,,,0",
        "5,mal,anime,Bad,,,,11,Completed,,,,1",
        "6,mal,anime,Bad,,,,,Eaten,,,,1",
        "",
    )
    assert found.format == "yamtrack"
    assert [record.ids for record in found.records] == [(("mal", "227"),), ()]
    assert found.records[0].state == EntryState(
        status="watching",
        score=85,
        episodes_watched=2,
        started_on="2024-02-09",
        notes='a "quoted", note\nof two lines',
    )
    assert found.records[1].state.score == 0
    assert [bad.reason for bad in found.bad] == ["not_anime", "not_anime", "manga", "bad_score", "bad_status"]


def test_viewings_of_one_anime_are_rewatches() -> None:
    found = read(
        "1,mal,anime,T,,,,9,Completed,,2024-01-01,2024-02-01,12",
        "1,mal,anime,T,,,,7,Completed,,2020-01-01,2020-02-01,12",
        "2,mal,anime,U,,,,,Completed,,,2020-02-01,12",
        "2,mal,anime,U,,,,,In progress,,,2021-02-01,3",
    )
    assert [record.state for record in found.records] == [
        EntryState(
            status="completed",
            score=90,
            episodes_watched=12,
            rewatch_count=1,
            started_on="2024-01-01",
            finished_on="2024-02-01",
        ),
        EntryState(status="rewatching", episodes_watched=3, finished_on="2021-02-01"),
    ]
    assert found.bad == ()  # completed viewings are rewatches of the entry, no lines of their own


def test_odd_tables() -> None:
    semicolons = read("1;anime;T;Dropped", head="\ufeffMedia_ID; media_type ;title;STATUS")
    assert semicolons.records[0].state.status == "dropped"
    assert read("1,anime", head="media_id,media_type,title,status").bad[0].reason == "bad_status"
    assert read("1,anime,T,Dropped,too,many", head="media_id,media_type,title,status").bad == ()
    assert read().records == ()


@pytest.mark.parametrize("head", ["user_id,anime_id,rating", "a;b", "media_id,title", "x" * 200_000 + ",y"])
def test_other_tables_are_refused(head: str) -> None:
    with pytest.raises(ListFileUnreadable):
        read("1,2,3", head=head)


@pytest.mark.parametrize(
    "end", ['2,mal,anime,"half a ti', '2,mal,anime,T,,,,,Completed,"half a no', '2,mal,anime,"T"x,']
)
def test_a_table_that_was_cut_off_or_is_broken_is_refused(end: str) -> None:
    with pytest.raises(ListFileUnreadable):
        read("1,mal,anime,T,,,,,Completed,,,,1", end)


def test_our_column_of_ids_counts_for_manual_rows_only() -> None:
    head = f"{HEAD},hiroba_ids"
    rows = (
        "1,manual,anime,A,,,,,Completed,,,,1,anidb:5 bangumi:7 nosite:1 bangumi: x",
        "2,mal,anime,B,,,,,Completed,,,,1,anidb:5",
    )
    found = read(*rows, head=head)
    assert [record.ids for record in found.records] == [(("anidb", "5"), ("bangumi", "7")), (("mal", "2"),)]
