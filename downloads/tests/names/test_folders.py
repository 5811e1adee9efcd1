"""What the folders of a file add to its name."""

from typing import Any

import pytest

from downloads.names.folders import path_parse

pytestmark = pytest.mark.once

CASES: list[tuple[str, dict[str, Any]]] = [
    (
        "Hoshi no Niwa (2019)/Season 02/03.mkv",
        {"title": "Hoshi no Niwa", "season": 2, "year": 2019, "episodes": (3, 3)},
    ),
    (
        "/srv/Anime/Hoshi no Niwa (2019)/Season 02/03 - The Rain.mkv",
        {"title": "Hoshi no Niwa", "episode_title": "The Rain"},
    ),
    ("Hoshi no Niwa/S2/E04.mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (4, 4)}),
    ("Hoshi no Niwa\\Staffel 1\\Folge 7.mkv", {"title": "Hoshi no Niwa", "season": 1, "episodes": (7, 7)}),
    ("Hoshi no Niwa/2/05.mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (5, 5)}),
    ("Anime/86/05.mkv", {"title": "86", "season": None, "episodes": (5, 5)}),
    ("86/05.mkv", {"title": "86", "season": None, "episodes": (5, 5)}),
    ("86 (2021)/Season 01/05.mkv", {"title": "86", "year": 2021, "season": 1, "episodes": (5, 5)}),
    ("Mob Psycho 100 (2016)/Season 02/05.mkv", {"title": "Mob Psycho 100", "year": 2016, "season": 2}),
    ("Hoshi no Niwa/2nd Season/05.mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (5, 5)}),
    (
        "[Team] Hoshi no Niwa [1080p]/[Team] Hoshi no Niwa - 05.mkv",
        {"title": "Hoshi no Niwa", "group": "Team", "season": None},
    ),
    ("Hoshi no Niwa (2019)/Hoshi no Niwa - 05.mkv", {"title": "Hoshi no Niwa", "year": 2019}),
    ("Mixed (2001)/Hoshi no Niwa - 05.mkv", {"title": "Hoshi no Niwa", "year": None}),
    ("Hoshi no Niwa/NCOP/01.mkv", {"title": "Hoshi no Niwa", "kind": "credits"}),
    ("Hoshi no Niwa/NCOP & NCED/Hoshi no Niwa 1.mkv", {"title": "Hoshi no Niwa", "kind": "credits"}),
    ("Hoshi no Niwa/Specials/02.mkv", {"title": "Hoshi no Niwa", "kind": "special", "season": 0, "episodes": (2, 2)}),
    ("Hoshi no Niwa/Season 00/02.mkv", {"title": "Hoshi no Niwa", "kind": "special", "season": 0}),
    ("Hoshi no Niwa/Extras/Interview.mkv", {"kind": "other"}),
    ("Hoshi no Niwa/Season 2/S02E03.mkv", {"title": "Hoshi no Niwa", "season": 2, "episodes": (3, 3)}),
    ("Hoshi no Niwa - 05.mkv", {"title": "Hoshi no Niwa", "episodes": (5, 5)}),
    ("", {"title": "", "episodes": None}),
]


def test_folders_fill_what_is_missing() -> None:
    wrong = []
    for path, expected in CASES:
        parsed = path_parse(path)
        got = {field: getattr(parsed, field) for field in expected}
        if got != expected or parsed.name != path:
            wrong.append((path, expected, got))
    assert not wrong, "\n".join(map(repr, wrong))
