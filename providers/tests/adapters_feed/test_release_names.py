"""What names of releases say: title, season, episode, range; measured on real ones where there are."""

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest

from providers.adapters.parsing.release_names import ReleaseName, release_read

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("name", "title", "season", "first", "last"),
    [
        ("[Team] Hoshi no Niwa - 07 (1080p) [A1B2C3D4].mkv", "Hoshi no Niwa", None, 7, 7),
        ("[Team]_Hoshi_no_Niwa_-_07v2_[720p].mkv", "Hoshi no Niwa", None, 7, 7),
        ("Hoshi.no.Niwa.S02E07.1080p.WEB-DL.x264-TEAM.mkv", "Hoshi no Niwa", 2, 7, 7),
        ("Hoshi no Niwa Episode 7", "Hoshi no Niwa", None, 7, 7),
        ("Hoshi no Niwa 第07話 「雨」", "Hoshi no Niwa", None, 7, 7),
        ("星の庭 第2期 第7話", "星の庭", 2, 7, 7),
        ("[Team] Hoshi no Niwa - 01-12 [Batch]", "Hoshi no Niwa", None, 1, 12),
        ("[Team] Hoshi no Niwa (01-12) [1080p]", "Hoshi no Niwa", None, 1, 12),
        ("[Team][Hoshi no Niwa][07][1080p][GB]", "Hoshi no Niwa", None, 7, 7),
        ("【Team】【Hoshi no Niwa】【24（END）】【720P】", "Hoshi no Niwa", None, 24, 24),
        ("Hoshi no Niwa 2nd Season - 03 [720p]", "Hoshi no Niwa", 2, 3, 3),
        ("Hoshi no Niwa Season 2 - 03 - The Rain", "Hoshi no Niwa", 2, 3, 3),
        ("Hoshi no Niwa - 1x03 - The Rain", "Hoshi no Niwa", 1, 3, 3),
        ("[Team] Hoshi no Niwa - 07.5 [720p]", "Hoshi no Niwa", None, None, None),
        ("[Team] Hoshi no Niwa (2019) - 00 [BD]", "Hoshi no Niwa", None, 0, 0),
        ("Hoshi no Niwa Movie 2 [1080p]", "Hoshi no Niwa Movie 2", None, None, None),
        ("Hoshi no Niwa 2019 [1080p]", "Hoshi no Niwa 2019", None, None, None),
        ("Yoru no Densha", "Yoru no Densha", None, None, None),
        ("", "", None, None, None),
    ],
)
def test_names(name: str, title: str, season: int | None, first: int | None, last: int | None) -> None:
    read = release_read(name)
    assert (read.title, read.season, read.first, read.last) == (title, season, first, last)


def test_what_else_a_name_says() -> None:
    assert release_read("[Team] Hoshi no Niwa (2019) - 07 (1280x720)") == ReleaseName(
        title="Hoshi no Niwa", first=7, last=7, year=2019, group="Team", resolution=720
    )
    assert release_read("[Team] Hoshi no Niwa - NCOP1 [1080p]").extra == "credits"
    assert release_read("[Team] Hoshi no Niwa - SP02 [1080p]").extra == "special"
    assert release_read("[Team] Hoshi no Niwa [Batch] [1080p]").is_batch
    assert release_read("[Team] Hoshi no Niwa - 01-12").is_batch
    assert not release_read("[Team] Hoshi no Niwa - 12").is_batch


def test_a_lone_digit_is_an_episode_of_a_file_and_a_sequel_elsewhere() -> None:
    assert (release_read("Hoshi no Niwa 2.mkv", is_file=True).first, release_read("Hoshi no Niwa 2").first) == (2, None)
    assert release_read("05 - The Rain.mkv", is_file=True).first == 5
    assert release_read("12.mkv", is_file=True) == ReleaseName(title="", first=12, last=12)


@pytest.mark.parametrize(
    "piece", ["[", "(", "[1] ", " - 1", "第1", "s1e", "1-", " ¦ ", "🌸", "\ud800", "x264 ", "_", "e1 & "]
)
def test_hostile_names_are_read_quickly(piece: str) -> None:
    start = time.perf_counter()
    read = release_read(piece * 3000, is_file=True)
    assert time.perf_counter() - start < 0.5
    assert len(read.title) <= 2 * 300


@pytest.mark.data
@pytest.mark.parametrize(("file", "least"), [("anitomy", 0.94), ("anitopy", 0.94)])
def test_real_names(file: str, least: float) -> None:
    lines = (Path(os.environ["HIROBA_DATA"]) / "filenames" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    right = sum(_numbers_are_right(release_read(case["filename"], is_file=True), case["expected"]) for case in cases)
    assert right / len(cases) >= least


def _numbers_are_right(read: ReleaseName, expected: dict[str, Any]) -> bool:
    told = expected.get("episode") or []
    numbers = [re.sub(r"[a-c]$", "", number) for number in (told if isinstance(told, list) else [told])]
    if not numbers or not all(number.isdigit() for number in numbers):
        return read.first is None
    return (read.first, read.last) == (int(numbers[0]), int(numbers[-1]))
