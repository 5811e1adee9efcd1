"""Folding: what counts as the same text, and that no text makes it fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.normalise import MAX_LENGTH, fold, is_season_only, query_keys, script_of, season_fold, title_keys


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"),
        ("Pokémon Café", "pokemon cafe"),
        ("STRAßE", "strasse"),
        ("Jōō no Łódź", "joo no lodz"),
        ("カタカナ", "かたかな"),
        ("ｶﾞﾝﾊﾞﾚ", "がんばれ"),
        ("ガ", "が"),
        ("Ёлка и ёж", "елка и еж"),
        ("Rock & Roll", "rock and roll"),
        ("A×B", "axb"),
        ("It's; a (test)!!", "its a test"),
        ("zero\u200bwidth", "zerowidth"),
        ("नमस्ते", "नमस्ते"),
        ("…!?★", ""),
        ("a\x00b\ud800c", "a b c"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_dakuten_is_a_letter_and_no_accent() -> None:
    assert fold("か") != fold("が")


@pytest.mark.parametrize(
    "name",
    ["Hoshi s2", "Hoshi S02", "Hoshi 2nd Season", "Hoshi Season 2", "Hoshi second season", "Hoshi II", "Hoshi Ⅱ", "Hoshi 2",
     "Hoshi 第2期", "Hoshi 第二期", "Hoshi 2期", "Hoshi 第二季", "Hoshi シーズン2", "Hoshi 2 сезон", "Hoshi 시즌2"],
)  # fmt: skip
def test_every_way_to_write_the_second_season_is_the_same(name: str) -> None:
    assert title_keys(name)[0].words == "hoshi 2"


@pytest.mark.parametrize(
    "name", ["Hoshi Season", "Hoshi 20 seasonal", "Seasons of Hoshi", "Hoshi ivy", "Vi", "Hoshi x Tsuki"]
)
def test_other_words_are_no_season(name: str) -> None:
    assert [key.words for key in title_keys(name)] == [fold(name)]
    assert title_keys(name)[0].season == 0


def test_numeral_follows_kana_without_a_space() -> None:
    assert season_fold(fold("ホシⅢ")).words == "ほし 3"


def test_half_typed_word_is_not_taken_for_a_numeral_alone() -> None:
    assert {key.words for key in query_keys("hoshi vi")} == {"hoshi 6", "hoshi vi"}


@pytest.mark.parametrize(
    ("query", "season"),
    [("s2", 2), ("Season 3", 3), ("第2期", 2), ("2nd season", 2), ("2", 0), ("hoshi s2", 0), ("", 0)],
)
def test_query_of_a_season_alone(query: str, season: int) -> None:
    assert is_season_only(query) == season


@pytest.mark.parametrize(
    ("text", "script"),
    [("Hoshi", "latin"), ("Звезда", "cyrillic"), ("星ぞら", "cjk"), ("별", "cjk"), ("كوكب", "other"), ("12", "latin")],
)
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script


@given(st.text(alphabet=st.characters(), max_size=400))
def test_any_text_folds_to_single_spaced_words_and_folding_is_stable(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    for key in query_keys(text):
        assert 0 < len(key.words) <= MAX_LENGTH + 20
        assert key.compact
