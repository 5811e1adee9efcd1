"""The second pass: titles of the catalogue that hold numbers."""

from typing import Any

import pytest

from downloads.names.known import KnownTitles
from downloads.names.parser import name_parse

pytestmark = pytest.mark.once

TITLES = [
    "Byousoku 5 Centimeter",
    "THE iDOLM@STER 765 Pro to Iu Monogatari",
    "86",
    "Mob Psycho 100",
    "Mob Psycho 100 II",
    "Kanojo mo Kanojo 2nd Season",
    "22/7",
    "Hoshi no Niwa",
    "07-Ghost",
    "Area 88",
    "Steins;Gate 0",
    "Pokémon 3",
    "12",
]
CASES: list[tuple[str, dict[str, Any]]] = [
    ("Byousoku 5 Centimeter.mkv", {"title": "Byousoku 5 Centimeter", "episodes": None}),
    ("[Team] Byousoku_5_Centimeter_[1080p].mkv", {"title": "Byousoku 5 Centimeter", "episodes": None}),
    (
        "The iDOLM@STER 765 Pro to Iu Monogatari.mkv",
        {"title": "The iDOLM@STER 765 Pro to Iu Monogatari", "episodes": None},
    ),
    ("[Team] 86 - 05 [1080p].mkv", {"title": "86", "episodes": (5, 5)}),
    ("[Team] 86 [1080p].mkv", {"title": "86", "episodes": None}),
    ("Mob Psycho 100.mkv", {"title": "Mob Psycho 100", "episodes": None}),
    ("Mob Psycho 100 05.mkv", {"title": "Mob Psycho 100", "episodes": (5, 5)}),
    ("Mob Psycho 100 S2 - 07 [1080p].mkv", {"title": "Mob Psycho 100", "season": 2, "episodes": (7, 7)}),
    ("Mob.Psycho.100.S02E07.1080p.mkv", {"title": "Mob Psycho 100", "season": 2, "episodes": (7, 7)}),
    ("Kanojo Mo Kanojo 2nd Season - 03.mkv", {"title": "Kanojo Mo Kanojo 2nd Season", "season": 2, "episodes": (3, 3)}),
    ("[Team] Kanojo Mo Kanojo 2nd Season [1080p].mkv", {"title": "Kanojo Mo Kanojo 2nd Season", "episodes": None}),
    ("22_7 - 05.mkv", {"title": "22 7", "episodes": (5, 5)}),
    ("22-7 - 05.mkv", {"title": "22-7", "episodes": (5, 5)}),
    ("Area 88 03.mkv", {"title": "Area 88", "episodes": (3, 3)}),
    ("Steins;Gate 0 - 11.mkv", {"title": "Steins;Gate 0", "episodes": (11, 11)}),
    ("Pokemon 3.mkv", {"title": "Pokemon 3", "episodes": None}),
    ("07-Ghost - 03.mkv", {"title": "07-Ghost", "episodes": (3, 3)}),
    ("12.mkv", {"title": "", "episodes": (12, 12)}),
    ("Hoshi no Niwa - 12.mkv", {"title": "Hoshi no Niwa", "episodes": (12, 12)}),
    ("Hoshi no Niwa 86.mkv", {"title": "Hoshi no Niwa", "episodes": (86, 86)}),
]


def test_known_titles_are_no_numbers() -> None:
    known = KnownTitles(TITLES)
    assert known.count == len(TITLES) - 1  # The one without a number cannot be misread.
    wrong = []
    for name, expected in CASES:
        parsed = name_parse(name, known)
        got = {field: getattr(parsed, field) for field in expected}
        if got != expected:
            wrong.append((name, expected, got))
    assert not wrong, "\n".join(map(repr, wrong))


def test_without_them_the_number_is_an_episode() -> None:
    assert name_parse("Mob Psycho 100.mkv").episodes == (100, 100)
    assert name_parse("Mob Psycho 100.mkv", KnownTitles([])).episodes == (100, 100)
