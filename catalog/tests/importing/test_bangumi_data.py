"""bangumi-data's items: mapping, matching with what is there, precedence."""

import datetime
import json

import pytest

from catalog.importing.bangumi_data import BangumiData, rule_of
from catalog.importing.records import BadRecord
from catalog.importing.runs import Importer
from catalog.models import Anime, FieldProvenance, Title
from catalog.tests.importing.records import jikan_record, lines_write

META = {
    "siteMeta": {
        "mal": {"title": "MyAnimeList", "urlTemplate": "https://mal.example.org/{{id}}", "type": "info"},
        "bangumi": {"title": "Bangumi", "urlTemplate": "https://bangumi.example.org/{{id}}", "type": "info"},
        "hoshi_tv": {
            "title": "星TV",
            "urlTemplate": "https://hoshi.example.org/s/{{id}}/",
            "regions": ["JP", "TW"],
            "type": "onair",
        },
        "leaks": {"title": "Leaks", "urlTemplate": "https://leaks.example.org/{{id}}", "type": "resource"},
    }
}
NOW = datetime.datetime(2024, 6, 1, tzinfo=datetime.UTC)


def item(**changes):
    return {
        "title": "星の庭",
        "titleTranslate": {"zh-Hans": ["星之庭", "星庭"], "en": ["Garden of Stars"]},
        "type": "tv",
        "lang": "ja",
        "officialSite": "https://hoshi.example.org/",
        "begin": "2019-04-06T14:30:00.000Z",
        "broadcast": "R/2019-04-06T14:30:00.000Z/P7D",
        "end": "2019-06-22T15:00:00.000Z",
        "sites": [
            {"site": "bangumi", "id": "880"},
            {"site": "hoshi_tv", "id": "abc 1", "begin": "2019-04-08T15:00:00.000Z"},
            {"site": "leaks", "id": "x", "begin": "2019-04-08T15:00:00.000Z"},
            {"site": "tmdb", "id": "tv/555/season/2"},
            {"site": "mal", "id": "1"},
        ],
        **changes,
    }


def mapped(**changes):
    return BangumiData(META, NOW).anime_map(item(**changes))


def document(tmp_path, *items):
    path = tmp_path / "bangumi.json"
    path.write_text(json.dumps({**META, "items": list(items)}, ensure_ascii=False), encoding="utf-8")
    return path


def run(path, name="bangumi-data"):
    return Importer(format=name, path=path).import_all()


def test_the_item_as_a_record():
    record = mapped()
    assert record.ids == [("mal", "1"), ("shikimori", "1"), ("bangumi", "880"), ("tmdb", "tv/555")]
    expected = {
        "title": "星の庭",
        "title_english": "Garden of Stars",
        "title_native": "星の庭",
        "slug": "garden-of-stars",
        "kind": "tv",
        "status": "finished",
        "season": "spring",
        "year": 2019,
        "start_date": datetime.date(2019, 4, 6),
        "end_date": datetime.date(2019, 6, 23),
    }
    assert expected.items() <= record.fields.items()
    assert [(title.text, title.language, title.kind) for title in record.titles] == [
        ("星の庭", "ja", "main"),
        ("星之庭", "zh-Hans", "official"),
        ("星庭", "zh-Hans", "synonym"),
        ("Garden of Stars", "en", "official"),
    ]


def test_links_only_of_official_streams():
    assert [(link.site, link.url, link.regions) for link in mapped().links] == [
        ("星TV", "https://hoshi.example.org/s/abc%201/", ("JP", "TW")),
        ("official", "https://hoshi.example.org/", ()),
    ]


def test_the_day_is_tokyos():
    record = mapped(begin="2018-12-31T15:30:00.000Z")
    assert (record.fields["start_date"], record.fields["season"], record.fields["year"]) == (
        datetime.date(2019, 1, 1),
        "winter",
        2019,
    )


def test_broadcasts_of_television_and_of_the_streams_that_follow_it():
    rules = {rule.site: rule for rule in mapped().broadcasts}
    assert set(rules) == {"", "hoshi_tv"}
    assert rules[""].ends_at == datetime.datetime(2019, 6, 22, 15, tzinfo=datetime.UTC)
    assert rules["hoshi_tv"].ends_at == datetime.datetime(2019, 6, 24, 15, 30, tzinfo=datetime.UTC)
    late = mapped(sites=[{"site": "mal", "id": "1"}, {"site": "hoshi_tv", "id": "a", "begin": "2023-01-01T00:00:00Z"}])
    assert {rule.site for rule in late.broadcasts} == {""}
    assert mapped(type="movie", broadcast="").broadcasts == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("R/2019-04-06T14:30:00.000Z/P7D", 7),
        ("R/2019-04-06T14:30:00.000Z/P1D", 1),
        ("R/2019-04-06T14:30:00.000Z/P1M", 30),
        ("R/2019-04-06T14:30:00.000Z/P0D", None),
        ("R/soon/P7D", None),
        ("", None),
        (None, None),
    ],
)
def test_rules(text, days):
    rule = rule_of(text)
    assert (rule and rule[1]) == days


@pytest.mark.parametrize(
    ("begin", "end", "status"),
    [
        ("2025-01-01T00:00:00Z", "", "upcoming"),
        ("2024-05-01T00:00:00Z", "", "airing"),
        ("2024-05-01T00:00:00Z", "2024-07-01T00:00:00Z", "airing"),
        ("2024-01-01T00:00:00Z", "2024-03-01T00:00:00Z", "finished"),
        ("", "", ""),
    ],
)
def test_status_by_the_clock(begin, end, status):
    assert mapped(begin=begin, end=end).fields["status"] == status


@pytest.mark.parametrize("bad", [None, {}, {"title": "星の庭"}, {"title": "", "sites": [{"site": "mal", "id": "1"}]}])
def test_what_cannot_be_found_again_is_refused(bad):
    with pytest.raises(BadRecord):
        BangumiData(META, NOW).anime_map(bad)


@pytest.mark.django_db
def test_a_second_run_changes_nothing(tmp_path):
    path = document(tmp_path, item(), item(title="雲", sites=[{"site": "bangumi", "id": "881"}]))
    assert run(path)["created"] == 2
    summary = run(path)
    assert (summary["unchanged"], summary["changed"], summary["documents"]) == (2, 0, 0)


@pytest.mark.django_db
def test_it_joins_the_anime_of_jikan_and_does_not_overwrite_it(tmp_path):
    run(lines_write(tmp_path / "a.jsonl", jikan_record(1, end_date=None, season="winter")), "jikan")
    summary = run(document(tmp_path, item()))
    assert (summary["created"], summary["changed"]) == (0, 1)
    anime = Anime.objects.get()
    assert (anime.title, anime.origin, anime.season) == ("Hoshi no Niwa", "jikan", "winter")
    assert Title.objects.get(text="星之庭").kind == "official"
    assert Title.objects.filter(kind="main").count() == 1
    assert set(anime.external_ids.values_list("site", flat=True)) == {"mal", "shikimori", "anilist", "bangumi", "tmdb"}
    assert run(document(tmp_path, item()))["unchanged"] == 1
    assert run(lines_write(tmp_path / "b.jsonl", jikan_record(1, season="winter")), "jikan")["unchanged"] == 1


@pytest.mark.django_db
def test_jikan_takes_over_an_anime_that_came_from_here(tmp_path):
    run(document(tmp_path, item()))
    jikan = lines_write(tmp_path / "a.jsonl", jikan_record(1, aired={"from": "2019-04-06", "to": None}))
    assert run(jikan, "jikan")["changed"] == 1
    anime = Anime.objects.get()
    assert (anime.title, anime.origin) == ("Hoshi no Niwa", "jikan")
    assert anime.end_date == datetime.date(2019, 6, 23)
    assert FieldProvenance.objects.get(field="end_date").source == "bangumi-data"
    assert list(anime.titles.filter(kind="main").values_list("text", flat=True)) == ["Hoshi no Niwa"]
    assert run(jikan, "jikan")["unchanged"] == 1
    assert run(document(tmp_path, item()))["unchanged"] == 1


@pytest.mark.django_db
def test_two_items_that_share_a_weak_id_stay_two(tmp_path):
    shared = {"site": "anidb", "id": "70"}
    items = [item(title=f"庭{key}", sites=[shared, {"site": "bangumi", "id": str(key)}]) for key in (1, 2)]
    path = document(tmp_path, *items)
    assert run(path)["created"] == 2
    assert run(path)["unchanged"] == 2


@pytest.mark.django_db
def test_seasons_that_only_share_the_id_of_their_show_are_told_apart_by_title(tmp_path):
    show = {"site": "tmdb", "id": "tv/70"}
    path = document(tmp_path, *(item(title=f"庭{key}", sites=[show]) for key in (1, 2)))
    assert run(path)["created"] == 2
    assert run(path)["unchanged"] == 2
