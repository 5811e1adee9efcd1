"""Titles are read alike whoever wrote them: marks are taken out and kept, spellings become one."""

import pytest

from providers.matching.normalise import name_read
from providers.matching.romaji import romaji_fold

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "title",
    [
        "Hoshi no Niwa 2nd Season",
        "Hoshi no Niwa Season 2",
        "Hoshi no Niwa S2",
        "Hoshi no Niwa II",
        "Hoshi no Niwa 2",
        "Hoshi no Niwa Second Season",
        "Hoshi no Niwa Dai 2-ki",
        "Hoshi no Niwa Staffel 2",
        "Hoshi no Niwa Saison 2",
        "Hoshi no Niwa Temporada 2",
        "Hoshi no Niwa сезон 2",
        "Hoshi no Niwa 2 сезон",
        "Hoshi no Niwa Musim 2",
        "Hoshi no Niwa 第2期",
        "Hoshi no Niwa Di Er Ji",
        "Hoshi no Niwa 2nd Season Sub Indo",
        "Hoshi no Niwa (Season 2) [GerDub]",
    ],
)
def test_seasons_in_every_language_are_one_mark(title: str) -> None:
    name = name_read(title)
    assert (name.base, name.marks.season) == (name_read("Hoshi no Niwa").base, 2)


@pytest.mark.parametrize(
    "title", ["Hoshi no Niwa Part 2", "Hoshi no Niwa Cour 2", "Hoshi no Niwa 2nd Cour", "Hoshi no Niwa Teil 2"]
)
def test_parts_and_cours_are_parts(title: str) -> None:
    name = name_read(title)
    assert (name.base, name.marks.season, name.marks.part) == ("hosinoniwa", 0, 2)


def test_season_and_part_stand_beside_each_other() -> None:
    marks = name_read("Hoshi no Niwa 3rd Season Part 2").marks
    assert (marks.season, marks.part) == (3, 2)


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Umi (Dub)", "dub"),
        ("Umi (GerSub)", "gersub"),
        ("Umi [Chinese Dub]", "chinese dub"),
        ("Umi Sub Indo", "sub indo"),
        ("Umi Subtitle Indonesia", "subtitle indonesia"),
        ("Umi (Uncensored)", "uncensored"),
    ],
)
def test_marks_of_language_are_no_part_of_the_name(title: str, language: str) -> None:
    name = name_read(title)
    assert (name.strict, name.marks.languages) == ("umi", (language,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Onii-chan no Uta", "Oniichan no Uta"),
        ("Shoujo wo Matsu", "Shojo o Matsu"),
        ("Yuuki Tōdai", "Yuki Toudai"),
        ("Tsuki ni Chikau", "Tuki ni Tikau"),
        ("Senpai no Kao", "Sempai no Kao"),
        ("Majo & Kishi", "Majo and Kishi"),
        ("Majo + Kishi", "Majo to Kishi"),
        ("The Garden", "Garden"),
        ("Koizora: Hana-hen", "Koizora Hanahen"),
        ("Umi ²", "Umi 2"),
    ],
)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert name_read(one).full == name_read(other).full


def test_types_and_years_are_marks() -> None:
    name = name_read("Gekijouban Umi no Uta (2019)")
    assert (name.base, name.marks.kinds, name.marks.year) == (romaji_fold("uminouta"), 8, 2019)


def test_a_name_made_of_marks_keeps_its_words() -> None:
    assert name_read("Movie").base
    assert name_read("S2").base
    assert name_read("(Dub)").strict == "dub"


@pytest.mark.parametrize("title", ["", "🎉🎉", "\0", "\ud800", "()[]", "!" * 9000, "第" * 600, "٣٣٣ 第٣期"])
def test_no_text_is_too_odd(title: str) -> None:
    name = name_read(title)
    assert len(name.strict) <= 500
    assert 0 <= name.marks.season < 256
