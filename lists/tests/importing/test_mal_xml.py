"""MyAnimeList's XML in its many spellings."""

import gzip
import io
import zipfile

import pytest

from core.errors import DomainError
from lists.importing.errors import ListFileUnreadable
from lists.importing.reading import list_read
from lists.importing.records import ListRecord, ReadList
from lists.services.states import EntryState


def read(data: bytes | str, **kwargs) -> ReadList:
    raw = data.encode() if isinstance(data, str) else data
    return list_read(file=io.BytesIO(raw), **kwargs)


def xml(*entries: str, kind: int = 1, head: str = '<?xml version="1.0" encoding="UTF-8" ?>') -> str:
    tag = "anime" if kind == 1 else "manga"
    lines = "".join(f"<{tag}>{entry}</{tag}>" for entry in entries)
    info = f"<myinfo><user_name>tester</user_name><user_export_type>{kind}</user_export_type></myinfo>"
    return f"{head}\n<!-- by MAL --><myanimelist>{info}{lines}</myanimelist>"


def entry(number: int = 1, **fields: object) -> str:
    texts = {"series_animedb_id": number, "series_title": f"Title {number}", "my_status": "Completed", **fields}
    return "".join(f"<{name}>{value}</{name}>" for name, value in texts.items())


def one(**fields: object) -> ListRecord:
    found = read(xml(entry(**fields)))
    assert found.bad == ()
    return found.records[0]


def reason(**fields: object) -> str:
    found = read(xml(entry(**fields)))
    assert found.records == ()
    return found.bad[0].reason


def test_a_whole_line() -> None:
    record = one(
        number=52034,
        series_title='<![CDATA["Oshi no Ko" & more]]>',
        series_type="TV Special",
        series_episodes=11,
        my_id=42,
        my_watched_episodes=11,
        my_start_date="2024-05-17",
        my_finish_date="2024-06-00",
        my_score=8,
        my_storage="Hard Drive",
        my_storage_value="0.00",
        my_priority="HIGH",
        my_comments="<![CDATA[Good.\nVery.]]>",
        my_times_watched=2,
        my_tags="<![CDATA[b, a,  b ,]]>",
        my_discuss=1,
    )
    assert (record.ids, record.title, record.kind, record.episode_count) == (
        (("mal", "52034"),),
        '"Oshi no Ko" & more',
        "tv_special",
        11,
    )
    assert record.state == EntryState(
        status="completed",
        score=80,
        episodes_watched=11,
        rewatch_count=2,
        started_on="2024-05-17",
        finished_on="2024-06",
        notes="Good.\nVery.",
        tags=("a", "b"),
    )
    assert record.extras == {"mal": {"my_id": "42", "my_storage": "Hard Drive", "my_priority": "HIGH"}}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Watching", "watching"),
        ("Completed", "completed"),
        ("On-Hold", "on_hold"),
        ("On Hold", "on_hold"),
        ("on hold", "on_hold"),
        ("Dropped", "dropped"),
        ("Plan to Watch", "planned"),
        ("1", "watching"),
        ("2", "completed"),
        ("3", "on_hold"),
        ("4", "dropped"),
        ("6", "planned"),
    ],
)
def test_statuses(theirs: str, ours: str) -> None:
    assert one(my_status=theirs).state.status == ours


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("my_status", "Someday", "bad_status"),
        ("my_status", "", "bad_status"),
        ("my_score", "11", "bad_score"),
        ("my_score", "-1", "bad_score"),
        ("my_score", "NaN", "bad_score"),
        ("my_watched_episodes", "-2", "bad_episodes"),
        ("my_watched_episodes", "9999999", "bad_episodes"),
        ("my_times_watched", "x", "bad_rewatches"),
        ("my_comments", "x" * 20_001, "notes_too_long"),
    ],
)
def test_bad_lines_have_a_reason(field: str, value: str, expected: str) -> None:
    assert reason(**{field: value}) == expected


def test_scores() -> None:
    assert [one(my_score=value).state.score for value in ("", "0", "1", "7.5", "10")] == [None, None, 10, 75, 100]


def test_a_rewatch_counts_its_own_episodes() -> None:
    record = one(my_rewatching=1, my_rewatching_ep=4, my_watched_episodes=12, series_episodes=12)
    assert (record.state.status, record.state.episodes_watched) == ("rewatching", 4)


def test_dates_that_are_none_are_kept_for_the_way_back() -> None:
    assert one(my_start_date="0000-00-00", my_finish_date="").extras == {}
    record = one(my_start_date="0000-05-00", my_finish_date="2020-00-00")
    assert (record.state.started_on, record.state.finished_on) == ("", "2020")
    assert record.extras == {"mal": {"my_start_date": "0000-05-00"}}


def test_only_what_stands_there_is_said() -> None:
    assert one().said == {"status"}
    assert one(my_score=5, my_tags="").said == {"status", "score", "tags"}


def test_tags_too_long_are_kept_beside() -> None:
    record = one(my_tags=f"short,{'x' * 51}")
    assert (record.state.tags, record.extras["mal"]["tags"]) == (("short",), ["x" * 51])


def test_manga_lines_are_listed() -> None:
    manga = "<manga_mangadb_id>1</manga_mangadb_id><manga_title>86</manga_title><my_status>Reading</my_status>"
    found = read(xml(manga, manga, kind=2))
    assert [(bad.position, bad.title, bad.reason) for bad in found.bad] == [(1, "86", "manga"), (2, "86", "manga")]
    assert (found.records, found.owner_name) == ((), "tester")


def test_doubles_within_the_file() -> None:
    found = read(xml(entry(1), entry(2), entry(1, my_status="Dropped")))
    assert [record.position for record in found.records] == [1, 2]
    assert [(bad.position, bad.reason) for bad in found.bad] == [(3, "duplicate")]


def test_a_line_that_names_nothing() -> None:
    assert reason(series_animedb_id=0, series_title="") == "no_title"
    assert one(series_animedb_id=0).ids == ()


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + xml(entry(series_title="Žluť")).encode(),
        xml(entry(series_title="Žluť")).encode("utf-16"),
        xml(entry(series_title="Žluť"), head='<?xml version="1.0" encoding="ISO-8859-2"?>').encode("iso-8859-2"),
        xml(entry(series_title="Žl\x00\x0buť&#8;&#x1F;")).encode(),
        "\n\t" + xml(entry(series_title="Žluť"), head=""),
    ],
    ids=["bom", "utf-16", "declared", "control", "blank"],
)
def test_encodings_and_control_characters(data: bytes | str) -> None:
    assert read(data).records[0].title == "Žluť"


def test_bytes_that_are_no_utf8_do_not_stop_it() -> None:
    assert read(xml(entry(series_title="@")).encode().replace(b"@", b"a\xffb")).records[0].title == "a\ufffdb"


def test_references_across_chunks() -> None:
    for pad in range(65_500, 65_540):
        text = xml(f"<my_comments>{'x' * (pad // 10)}&#1;&amp;</my_comments>{entry()}")
        assert read(text).records[0].state.notes.endswith("x&")
    whole = xml(entry(1, my_comments="y" * 18_000), *(entry(n, my_comments="&#2;&lt;" * 400) for n in range(2, 90)))
    assert {record.state.notes for record in read(whole).records[1:]} == {"<" * 400}


def test_gzip_and_zip() -> None:
    data = xml(entry()).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("__MACOSX/._list.xml", b"x")
        archive.writestr("animelist.xml", data)
    for found in (read(gzip.compress(data)), read(packed.getvalue())):
        assert len(found.records) == 1


def test_shikimoris_xml() -> None:
    line = entry(my_status="Completed", shiki_status="Rewatching", my_times_watched=1, my_watched_episodes=3)
    found = read(xml(line))
    assert found.format == "shiki_xml"
    assert found.records[0].ids == (("shikimori", "1"),)
    assert found.records[0].state == EntryState(status="rewatching", rewatch_count=1, episodes_watched=3)
    assert found.records[0].said == {"status", "rewatch_count", "episodes_watched"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n",
        b"test test",
        b"<rss><channel/></rss>",
        b"<myanimelist><anime>",
        xml(entry()).encode()[:-5],
        b"<html><body>Sign in</body></html>",
        gzip.compress(b"<myanimelist/>")[:-12],
        gzip.compress(gzip.compress(b"<myanimelist/>")),
        b"PK\x03\x04 no zip",
        b"\x00\xff\x12",
        b"<",
    ],
)
def test_broken_files_are_refused_whole(data: bytes) -> None:
    with pytest.raises(ListFileUnreadable) as caught:
        read(data)
    assert str(caught.value.detail)


def test_a_format_that_it_is_not() -> None:
    data = xml(entry())
    assert read(data, format="mal").format == read(data, format="kitsu").format == "mal"
    with pytest.raises(DomainError, match="mal"):
        read(data, format="yamtrack")
    assert read("[]", format="yamtrack").records == ()
