"""`manage.py parse_names` reads lines and writes JSON lines."""

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from downloads.management.commands import parse_names
from downloads.names.known import KnownTitles

pytestmark = pytest.mark.once

FIELDS = ["name", "title", "season", "episodes", "absolute", "year", "group", "resolution", "crc", "version", "kind"]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the command these bytes; the rows that it writes."""

    def give(data: bytes, *arguments: str) -> list[dict[str, Any]]:
        out = io.BytesIO()
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        monkeypatch.setattr("sys.stdout", SimpleNamespace(buffer=out, write=lambda text: None, flush=lambda: None))
        call_command("parse_names", *arguments)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    return give


def test_a_line_for_each_name(run: Any) -> None:
    rows = run(
        b"[Team] Hoshi no Niwa S2 - 03v2 (2019) (1080p) [A1B2C3D4].mkv\r\n\nHoshi no Niwa - 12.5.mkv\nHoshi no Niwa 01-12"
    )
    assert [list(row) for row in rows] == [FIELDS] * 4
    assert rows[0] == {
        "name": "[Team] Hoshi no Niwa S2 - 03v2 (2019) (1080p) [A1B2C3D4].mkv",
        "title": "Hoshi no Niwa",
        "season": 2,
        "episodes": [3, 3],
        "absolute": False,
        "year": 2019,
        "group": "Team",
        "resolution": 1080,
        "crc": "A1B2C3D4",
        "version": 2,
        "kind": "regular",
    }
    assert (rows[1]["title"], rows[1]["episodes"]) == ("", None)
    assert (rows[2]["episodes"], rows[2]["kind"]) == ([12.5, 12.5], "special")
    assert rows[3]["episodes"] == [1, 12]


def test_bytes_that_are_no_text_and_lines_without_end(run: Any) -> None:
    rows = run(b"\xff\xfe Niwa - 05.mkv\n" + b"x" * 300_000 + b" - 07\nNiwa - 06.mkv\n")
    assert [row["episodes"] for row in rows] == [[5, 5], None, [6, 6]]


def test_the_catalogue_tells_numbers_of_titles(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(b"Mob Psycho 100.mkv\n")[0]["episodes"] == [100, 100]
    monkeypatch.setattr(parse_names, "catalogue_titles", lambda: KnownTitles(["Mob Psycho 100"]))
    row = run(b"Mob Psycho 100.mkv\n", "--catalogue")[0]
    assert (row["title"], row["episodes"]) == ("Mob Psycho 100", None)


@pytest.mark.django_db
def test_the_catalogue_is_asked_through_its_facade() -> None:
    from catalog.models import Anime

    Anime.objects.create(title="Mob Psycho 100", kind="tv")
    assert parse_names.catalogue_titles().count == 1
