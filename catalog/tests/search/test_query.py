"""Search over a made-up catalogue: slips, order, seasons, scripts, filters, odd input."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.search import engine
from catalog.search.engine import Snapshot, Source
from catalog.search.evaluation import RECIPES, SCRIPTS, Names, evaluate, specimens_choose, summarise
from catalog.search.query import Hit, answer
from catalog.tests.search.names import made_up_catalogue

pytestmark = pytest.mark.once

OWN = [
    Source(
        1001,
        ("Aoi Tsubasa no Kishi", "Knights of the Blue Wing", "青い翼の騎士", "Рыцари синего крыла"),
        members=900_000,
    ),
    Source(1002, ("Aoi Tsubasa no Kishi Season 2", "青い翼の騎士 第2期"), members=700_000),
    Source(1003, ("Aoi Tsubasa no Kishi III",), members=500_000),
    Source(1004, ("Kishin",), members=10),
    Source(1005, ("Yoru no Hana", "Flower of Night"), members=5_000, is_adult=True),
    Source(1006, ("Kieta Machi", "The Vanished Town"), members=5_000, is_hidden=True),
    Source(1007, ("!!",), members=5_000),
    Source(1008, ("Q", "Qq"), members=3),
    Source(1009, ("Same Name",), members=10),
    Source(1010, ("Same Name",), members=100_000),
]
Search = Callable[..., list[Hit]]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    path: Path = tmp_path_factory.mktemp("index")
    index = engine.open_index(path, create=True)
    count = engine.write(index, sources=[*made_up_catalogue(), *OWN], state="here")
    assert count == 310
    return Snapshot(index)


def ids(snapshot: Snapshot, query: str, limit: int = 5, **scope: bool) -> list[int]:
    return [hit.anime_id for hit in answer(snapshot, query, limit=limit, **scope)]


@pytest.mark.parametrize(
    "query",
    ["Aoi Tsubasa no Kishi", "aoi tsubasa", "aoitsubasanokishi", "aoi tsubsa no kisi", "kishi no tsubasa aoi", "knights blue",
     "青い翼", "青い翼の騎士", "青い羽の騎士", "рыцари", "рыцари синево", "blue wing knights",
     "AOI-TSUBASA!!", "knihgts of the bleu wing"],
)  # fmt: skip
def test_found_first_however_it_is_typed(snapshot: Snapshot, query: str) -> None:
    assert ids(snapshot, query)[0] == 1001


@pytest.mark.parametrize("season", ["s2", "season 2", "2nd season", "II", "2", "第2期", "2期"])
def test_season_of_a_name(snapshot: Snapshot, season: str) -> None:
    assert ids(snapshot, f"aoi tsubasa no kishi {season}")[0] == 1002


def test_third_season_by_a_numeral(snapshot: Snapshot) -> None:
    assert ids(snapshot, "aoi tsubasa no kishi s3")[0] == 1003


def test_season_alone_gives_second_seasons_popular_first(snapshot: Snapshot) -> None:
    members = {source.anime_id: source for source in [*made_up_catalogue(), *OWN]}
    found = ids(snapshot, "s2", limit=20)
    assert len(found) == 20
    assert all("2nd Season" in members[i].titles[0] or "Season 2" in members[i].titles[0] for i in found)
    assert [members[i].members for i in found] == sorted((members[i].members for i in found), reverse=True)


def test_matched_title_is_the_name_that_was_meant(snapshot: Snapshot) -> None:
    assert answer(snapshot, "knights of the", limit=1)[0].matched_title == "Knights of the Blue Wing"
    assert answer(snapshot, "青い翼の騎士", limit=1)[0].matched_title == "青い翼の騎士"


def test_each_anime_once(snapshot: Snapshot) -> None:
    found = ids(snapshot, "aoi", limit=50)
    assert len(found) == len(set(found))


def test_popularity_decides_between_equal_names(snapshot: Snapshot) -> None:
    assert ids(snapshot, "same name")[:2] == [1010, 1009]


@pytest.mark.parametrize(("query", "anime_id"), [("q", 1008), ("ki", 1004)])
def test_one_or_two_letters_are_a_beginning(snapshot: Snapshot, query: str, anime_id: int) -> None:
    assert anime_id in ids(snapshot, query, limit=100)


def test_an_unknown_name_of_one_letter_is_found_among_popular_words(snapshot: Snapshot) -> None:
    assert ids(snapshot, "q")[0] == 1008


def test_adult_and_hidden_only_when_asked_for(snapshot: Snapshot) -> None:
    assert 1005 not in ids(snapshot, "yoru no hana", limit=20)
    assert ids(snapshot, "yoru no hana", adult=True)[0] == 1005
    assert 1006 not in ids(snapshot, "kieta machi", limit=20)
    assert 1006 not in ids(snapshot, "kieta machi", limit=20, adult=True)
    assert ids(snapshot, "kieta machi", hidden=True)[0] == 1006


@pytest.mark.parametrize("query", ["", " ", "!!", "…", "\x00\x01", "\ud800", "★☆", "\u200b"])
def test_nothing_typed_finds_nothing(snapshot: Snapshot, query: str) -> None:
    assert ids(snapshot, query) == []


def test_nonsense_finds_nothing(snapshot: Snapshot) -> None:
    assert ids(snapshot, "xqzwvjfgbpd xqzwvjf") == []


def test_limit(snapshot: Snapshot) -> None:
    assert len(ids(snapshot, "ka", limit=3)) == 3
    assert ids(snapshot, "ka", limit=0) == []


def test_text_beyond_two_hundred_characters_is_ignored(snapshot: Snapshot) -> None:
    long = "aoi tsubasa no kishi " * 10
    assert ids(snapshot, long[:200] + "x" * 100_000) == ids(snapshot, long[:200] + "y" * 50)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(query=st.text(alphabet=st.characters(), max_size=250))
def test_no_text_is_an_error(snapshot: Snapshot, query: str) -> None:
    for hit in answer(snapshot, query, limit=5):
        assert hit.score > 0
        assert hit.matched_title


@pytest.mark.parametrize(
    "query", ["AND OR NOT", "title:*", '"unclosed', "a^5 ~2", "[a TO z]", "s" * 200, "第" * 200, "%_'\\"]
)
def test_no_query_language(snapshot: Snapshot, query: str) -> None:
    assert isinstance(ids(snapshot, query), list)


def test_recall_on_made_up_names(snapshot: Snapshot) -> None:
    titles = [(source.anime_id, title) for source in made_up_catalogue() for title in source.titles]
    outcomes = list(
        evaluate(
            specimens_choose(titles, per_script=60, seed=3),
            names=Names(titles),
            search=lambda query: ids(snapshot, query, limit=20, adult=True),
        )
    )
    recall = summarise(outcomes)["recall"]
    assert set(SCRIPTS) <= set(recall)
    assert {outcome.recipe for outcome in outcomes} >= set(RECIPES) - {"shared_prefix"}
    for script in SCRIPTS:
        assert recall[script]["exact"]["at_5"] == 1.0
        assert recall[script]["one_typo"]["at_5"] >= 0.98
        assert recall[script]["two_typos"]["at_5"] >= 0.95
        assert recall[script]["prefix_typo"]["at_5"] >= 0.95
