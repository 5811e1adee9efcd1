"""What services' JSON means: pure functions that take anything and never pass on what the catalogue cannot hold."""

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.facade import AnimeRecord, BadRecord, LabelDraft, LinkDraft, StudioDraft, TitleDraft
from providers.metadata.clients import client_of
from providers.metadata.mapping.anilist import anilist_record
from providers.metadata.mapping.kitsu import kitsu_record
from providers.metadata.mapping.shikimori import shikimori_record
from providers.metadata.mapping.values import day_of, kind_of, number_of, plain_of, score_of, seconds_of
from providers.tests.standin import shapes
from providers.tests.standin.invented import RECORDS

pytestmark = pytest.mark.once
NAMES = ("anilist", "jikan", "kitsu", "shikimori")
ANILIST = shapes.anilist_media(RECORDS[101], 100101)
KITSU = shapes.kitsu_anime(RECORDS[101], 40101)
SHIKIMORI = shapes.shikimori_anime(RECORDS[101])


def test_anilist() -> None:
    record = anilist_record(ANILIST)

    assert record.ids == [("mal", "101"), ("shikimori", "101"), ("anilist", "100101")]
    assert record.titles == [
        TitleDraft("Hoshi no Niwa", "ja-Latn", "main"),
        TitleDraft("星の庭", "ja", "official"),
        TitleDraft("Garden of Stars", "en", "official"),
        TitleDraft("Garden of Stars (101)", "und", "synonym"),
    ]
    assert record.genres == [LabelDraft("Slice of Life")]
    assert record.tags == [LabelDraft("Gardening", None, "theme"), LabelDraft("Rural", None, "setting")]
    assert record.studios == [StudioDraft("Studio Yoake", "studio")]
    assert record.links == [LinkDraft("Example Stream", "https://stream.example.org/101")]
    assert (record.relations, record.broadcasts) == (None, None)
    fields = record.fields
    assert fields["synopsis"] == "What happens to those who look after the garden of Garden of Stars."
    assert (fields["start_date"], fields["end_date"]) == (datetime.date(2019, 4, 6), datetime.date(2019, 6, 22))
    assert fields["poster_url"] == "https://cdn.example.org/images/anime/101.jpg"
    assert fields["trailer_url"] == "https://www.youtube.com/watch?v=abc_DEF-123"
    assert "score" not in fields


@pytest.mark.parametrize(
    ("video", "site"), [("x&list=1", "youtube"), ("../x", "youtube"), ("abc", "elsewhere"), ("", "youtube")]
)
def test_a_trailer_that_is_none_of_ours_is_left_out(video: str, site: str) -> None:
    assert anilist_record(ANILIST | {"trailer": {"id": video, "site": site}}).fields["trailer_url"] == ""


def test_kitsu() -> None:
    mappings = [
        {"type": "mappings", "attributes": {"externalSite": site, "externalId": value}}
        for site, value in [
            ("myanimelist/anime", "101"),
            ("myanimelist/anime", "999"),
            ("anilist/anime", "100101"),
            ("anidb", "not a number"),
            ("hulu", "5"),
        ]
    ]
    record = kitsu_record(KITSU | {"included": [*mappings, None, {"type": "people"}]})

    assert record.ids == [("mal", "101"), ("shikimori", "101"), ("anilist", "100101"), ("kitsu", "40101")]
    assert (record.genres, record.tags, record.studios, record.relations) == (None, None, None, None)
    assert (record.fields["age_rating"], record.fields["is_adult"]) == ("pg", False)
    assert [title.language for title in record.titles] == ["ja-Latn", "ja", "en", "und"]


def kitsu_with(**attributes: Any) -> AnimeRecord:
    data = KITSU["data"]
    return kitsu_record(KITSU | {"data": data | {"attributes": data["attributes"] | attributes}})


def test_a_korean_name_is_the_native_one_only_where_there_is_no_japanese_one() -> None:
    both = kitsu_with(titles={"en_jp": "Hoshi", "ja_jp": "星", "ko_kr": "별", "pt_br": "Estrela"})
    korean = kitsu_with(titles={"en_jp": "Byeol", "ko_kr": "별"})
    assert (both.fields["title_native"], korean.fields["title_native"]) == ("星", "별")
    assert [(title.text, title.language) for title in both.titles or ()][:4] == [
        ("Hoshi", "ja-Latn"),
        ("星", "ja"),
        ("별", "ko"),
        ("Estrela", "pt"),
    ]
    assert [title.text for title in korean.titles or ()].count("별") == 1


@pytest.mark.parametrize("video", ["x&list=1", "../x", "x#y", 7, None, ""])
def test_a_video_of_kitsu_that_is_no_id_is_left_out(video: Any) -> None:
    assert kitsu_with(youtubeVideoId="abc_DEF-1").fields["trailer_url"].endswith("?v=abc_DEF-1")
    assert kitsu_with(youtubeVideoId=video).fields["trailer_url"] == ""


@pytest.mark.parametrize(
    ("word", "kind"),
    [("TV_SHORT", "tv_short"), ("tv", "tv"), ("cm", "cm"), ("MANGA", ""), ("unknown", ""), (None, ""), (["tv"], "")],
)
def test_types_are_the_catalogue_s_own_words_whatever_their_case(word: Any, kind: str) -> None:
    assert kind_of(word) == kind
    assert anilist_record(ANILIST | {"format": word}).fields["kind"] == kind
    assert kitsu_with(subtype=word).fields["kind"] == kind
    assert shikimori_record(SHIKIMORI | {"kind": word}).fields["kind"] == kind


def test_shikimori() -> None:
    record = shikimori_record(SHIKIMORI)

    assert record.ids == [("mal", "101"), ("shikimori", "101")]
    assert TitleDraft("Сад звёзд", "ru", "official") in record.titles
    assert "synopsis" not in record.fields
    assert record.fields["poster_url"] == "https://shikimori.one/system/animes/original/101.jpg"
    assert record.fields["age_rating"] == "pg13"
    short = shikimori_record({name: SHIKIMORI[name] for name in ("id", "name", "score")})
    assert short.studios is None


@pytest.mark.parametrize(
    "path", ["/assets/globals/missing_original.jpg", "//evil.example/x.jpg", "javascript:x", "", None]
)
def test_a_picture_that_is_none_is_left_out(path: Any) -> None:
    assert shikimori_record(SHIKIMORI | {"image": {"original": path}}).fields["poster_url"] == ""


@pytest.mark.parametrize("mapping", [anilist_record, kitsu_record, shikimori_record])
@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"id": 1},
        {"id": 0, "name": "x"},
        {"id": True, "name": "x"},
        {"data": []},
        {"data": {"id": "x", "type": "anime"}},
    ],
)
def test_no_id_or_no_title_is_no_record(mapping: Any, payload: dict[str, Any]) -> None:
    with pytest.raises(BadRecord):
        mapping(payload)


@pytest.mark.parametrize(
    ("value", "of", "score"),
    [
        (82, 100, 82.0),
        ("82.31", 100, 82.3),
        ("8.75", 10, 87.5),
        (0, 100, None),
        ("0.0", 10, None),
        (101, 100, None),
        (-5, 100, None),
        ("1e9", 100, None),
        ("NaN", 100, None),
        (True, 10, None),
        (None, 10, None),
        ([9], 10, None),
        ("٩", 10, None),
    ],
)
def test_scores(value: Any, of: int, score: float | None) -> None:
    assert score_of(value, of=of) == score


@pytest.mark.parametrize("text", ["", ".", "1.2.3", "-1", " 1", "1" * 12, {}, "inf"])
def test_what_is_no_number(text: Any) -> None:
    assert number_of(text) is None


def test_days_and_lengths() -> None:
    assert day_of({"year": 2024, "month": 2, "day": 29}) == datetime.date(2024, 2, 29)
    assert day_of({"year": 2023, "month": 2, "day": 29}) is None
    assert day_of({"year": 2023, "month": None, "day": None}) is None
    assert day_of("2023-01-01") is None
    assert (seconds_of(24), seconds_of(0), seconds_of("x"), seconds_of(10**9)) == (1440, None, None, None)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("A <i>town</i> by the sea.<br><br>\n(Source: X)", "A town by the sea.\n\n(Source: X)"),
        ("Tom &amp; Yuki &lt;3", "Tom & Yuki <3"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<script>alert(1)</script>ok", "alert(1)ok"),
        ("<" * 50_000, "<" * 20_000),
        (None, ""),
        (["x"], ""),
    ],
)
def test_prose_loses_its_markup(html: Any, text: str) -> None:
    assert plain_of(html) == text


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WHOLE: dict[str, dict[str, Any]] = {
    "anilist": ANILIST,
    "jikan": RECORDS[101],
    "kitsu": KITSU["data"]["attributes"],
    "shikimori": SHIKIMORI,
}


@settings(max_examples=40)
@given(data=st.data())
@pytest.mark.parametrize("name", NAMES)
def test_no_field_of_an_answer_can_trip_a_mapping(name: str, data: st.DataObject) -> None:
    """Whatever stands where something else should: a record, or `BadRecord`."""
    field = data.draw(st.sampled_from(sorted(WHOLE[name])))
    broken = WHOLE[name] | {field: data.draw(ANYTHING)}
    payload = KITSU | {"data": KITSU["data"] | {"attributes": broken}} if name == "kitsu" else broken
    client: Any = client_of(name)
    try:
        record = client.record_of(payload)
    except BadRecord:
        return

    assert record.fields["title"]
    assert all(0 < score.value <= 100 for score in record.scores)
