"""The Jikan mapping, oddity by oddity."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importing.jikan import anime_map, duration_of
from catalog.importing.records import BadRecord, RelationDraft
from catalog.tests.importing.records import jikan_record, related


def fields(**changes):
    return anime_map(jikan_record(**changes)).fields


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("24 min per ep", 1440),
        ("1 hr 35 min", 5700),
        ("2 hr", 7200),
        ("45 sec", 45),
        ("1 min 30 sec per ep", 90),
        ("Unknown", None),
        ("", None),
        (None, None),
    ],
)
def test_duration_in_every_spelling(text, seconds):
    assert duration_of(text) == seconds


@pytest.mark.parametrize(
    ("given_type", "kind"),
    [
        ("TV", "tv"),
        ("TV_SHORT", "tv_short"),
        ("TV Special", "tv_special"),
        ("Movie", "movie"),
        ("CM", "cm"),
        (None, ""),
    ],
)
def test_kinds(given_type, kind):
    assert fields(type=given_type)["kind"] == kind


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        ("G", "g"),
        ("G - All Ages", "g"),
        ("PG", "pg"),
        ("PG - Children", "pg"),
        ("PG-13 - Teens 13 or older", "pg13"),
        ("R", "r17"),
        ("R - 17+ (violence & profanity)", "r17"),
        ("R+ - Mild Nudity", "r_plus"),
        ("Rx - Hentai", "rx"),
        (None, ""),
    ],
)
def test_age_ratings_short_and_long(rating, expected):
    assert fields(rating=rating)["age_rating"] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("4-koma manga", "four_koma"),
        ("Light novel", "light_novel"),
        ("Mixed media", "mixed_media"),
        ("Picture book", "picture_book"),
        ("Unknown", ""),
        (None, ""),
    ],
)
def test_sources(source, expected):
    assert fields(source=source)["source"] == expected


@pytest.mark.parametrize(
    ("changes", "is_adult"),
    [
        ({}, False),
        ({"rating": "Rx - Hentai"}, True),
        ({"explicit_genres": [{"mal_id": 12, "name": "Hentai"}]}, True),
        ({"explicit_genres": [{"mal_id": 49, "name": "Erotica"}]}, True),
        ({"explicit_genres": [{"mal_id": 9, "name": "Ecchi"}]}, False),
    ],
)
def test_adult_by_rating_or_genre(changes, is_adult):
    assert fields(**changes)["is_adult"] is is_adult


def test_scores_are_percent_and_nobody_voted_is_unknown():
    record = anime_map(jikan_record())
    assert (record.fields["score"], record.fields["votes"], record.fields["popularity"]) == (76.4, 12000, 45000)
    assert [(score.site, score.value, score.votes) for score in record.scores] == [("mal", 76.4, 12000)]
    assert anime_map(jikan_record(score=0)).fields["score"] is None
    assert anime_map(jikan_record(score=None)).scores == []


def test_season_and_year_follow_from_the_first_day():
    found = fields(season=None, year=None)
    assert (found["season"], found["year"], found["start_date"]) == ("spring", 2019, datetime.date(2019, 4, 6))
    unknown_month = {"from": "2019-01-01T00:00:00+00:00", "prop": {"from": {"day": None, "month": None, "year": 2019}}}
    found = fields(season=None, year=None, aired=unknown_month)
    assert (found["season"], found["year"]) == ("", 2019)


def test_titles_by_language():
    record = anime_map(
        jikan_record(
            title_synonyms=["Сад звёзд", "별의 정원", "สวนดาว", "Κήπος", "גן", "حديقة", "星之庭园", "Hoshi no Niwa"]
        )
    )
    assert [(title.text, title.language, title.kind) for title in record.titles] == [
        ("Hoshi no Niwa", "ja-Latn", "main"),
        ("星の庭", "ja", "official"),
        ("Garden of Stars", "en", "official"),
        ("Sternengarten", "de", "official"),
        ("Сад звёзд", "ru", "synonym"),
        ("별의 정원", "ko", "synonym"),
        ("สวนดาว", "th", "synonym"),
        ("Κήπος", "el", "synonym"),
        ("גן", "he", "synonym"),
        ("حديقة", "ar", "synonym"),
        ("星之庭园", "zh-Hans", "synonym"),
    ]


@pytest.mark.parametrize(
    ("native", "country"), [("星の庭", "JP"), ("별의 정원", "KR"), ("罗小黑战记", "CN"), (None, "JP")]
)
def test_country_from_the_native_title(native, country):
    assert fields(title_japanese=native)["country"] == country


def test_slug_falls_back_to_english_then_to_the_id():
    assert fields(title="星の庭")["slug"] == "garden-of-stars"
    assert fields(mal_id=77, title="星の庭", title_english=None)["slug"] == "77"


def test_genres_tags_and_roles():
    record = anime_map(jikan_record(explicit_genres=[{"mal_id": 9, "name": "Ecchi"}]))
    assert [genre.name for genre in record.genres] == ["Drama", "Ecchi"]
    assert [(tag.name, tag.category) for tag in record.tags] == [("Space", "theme"), ("Seinen", "demographic")]
    assert [(studio.name, studio.role) for studio in record.studios] == [
        ("Studio Nagare", "studio"),
        ("Kumo Pictures", "producer"),
    ]


def test_relations_only_to_other_anime():
    record = anime_map(
        jikan_record(
            relations=[
                related("Sequel", 2, 1),
                related("Adaptation", 900, of="manga"),
                related("Parent story", 3),
                related("Something new", 4),
            ]
        )
    )
    assert record.relations == [
        RelationDraft("sequel", 2, "MAL 2"),
        RelationDraft("parent", 3, "MAL 3"),
        RelationDraft("other", 4, "MAL 4"),
    ]


def test_ids_bare_and_as_addresses():
    record = anime_map(
        jikan_record(
            external=[
                {"name": "AnimeDB", "url": "http://anidb.info/perl-bin/animedb.pl?show=anime&aid=23"},
                {"name": "ANN", "url": "https://www.animenewsnetwork.com/encyclopedia/anime.php?id=13"},
                {"name": "Official Site", "url": "https://hoshi.example.org/"},
                {"name": "tvdb", "url": "76885"},
            ],
            streaming=[
                {"name": "Stream", "url": "https://stream.example.org/1"},
                {"name": "Bad", "url": "javascript:1"},
            ],
        )
    )
    assert record.ids == [("mal", "1"), ("shikimori", "1"), ("anidb", "23"), ("ann", "13"), ("tvdb", "76885")]
    assert [link.url for link in record.links] == ["https://stream.example.org/1"]


@pytest.mark.parametrize(
    ("start", "day", "time", "first"),
    [
        ("2019-04-06", "Saturdays", "23:30", "2019-04-06T14:30:00+00:00"),
        ("2019-04-05", "Saturdays", "01:00", "2019-04-05T16:00:00+00:00"),
        ("2019-04-07", "Saturdays", "25:30", "2019-04-06T16:30:00+00:00"),
        ("2019-04-03", "Saturday", "10:00", "2019-04-06T01:00:00+00:00"),
    ],
)
def test_first_broadcast_in_utc(start, day, time, first):
    record = jikan_record(aired={"from": start, "to": "2019-06-22"}, broadcast={"day": day, "time": time})
    (rule,) = anime_map(record).broadcasts
    assert rule.first_at == datetime.datetime.fromisoformat(first)
    assert rule.ends_at is not None
    assert (rule.ends_at - rule.first_at).days % 7 == 0
    assert abs(rule.ends_at.date() - datetime.date(2019, 6, 22)) <= datetime.timedelta(days=4)


def test_a_running_series_has_an_open_rule_and_a_finished_one_without_end_none():
    running = jikan_record(status="Currently Airing", aired={"from": "2019-04-06", "to": None})
    assert [rule.ends_at for rule in anime_map(running).broadcasts] == [None]
    assert anime_map(jikan_record(aired={"from": "2019-04-06", "to": None})).broadcasts == []
    assert anime_map(jikan_record(broadcast={"day": None, "time": None, "timezone": None})).broadcasts == []


@pytest.mark.parametrize(
    "record", [None, [], 7, {}, {"mal_id": 5}, {"mal_id": "x", "title": "A"}, {"mal_id": 0, "title": "A"}]
)
def test_what_is_no_anime_is_refused_with_a_reason(record):
    with pytest.raises(BadRecord, match=r"\w"):
        anime_map(record)


def test_the_whole_answer_of_the_api_is_taken():
    assert anime_map({"data": jikan_record()}).fields["title"] == "Hoshi no Niwa"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150)
@given(key=st.sampled_from(sorted(jikan_record())), value=json_values)
def test_any_value_under_any_key_maps_or_is_refused(key, value):
    record = jikan_record()
    record[key] = value
    try:
        mapped = anime_map(record)
    except BadRecord:
        return
    assert mapped.fields["title"]
    assert mapped.ids[0][0] == "mal"
