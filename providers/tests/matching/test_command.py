"""`manage.py match_titles`: a line out for every line in, whatever the line is."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from catalog.tests.factories import AnimeFactory

pytestmark = pytest.mark.django_db


class _Input:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(*lines: object) -> tuple[list[dict], str, int]:
        raw = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
        monkeypatch.setattr("sys.stdin", _Input(raw))
        out, err = io.StringIO(), io.StringIO()
        code = 0
        try:
            call_command("match_titles", stdout=out, stderr=err)
        except SystemExit as stop:
            code = int(stop.code or 0)
        return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), code

    return give


def test_titles_are_answered_in_their_order(run: Any) -> None:
    uta = AnimeFactory(title="Kaze no Tani no Uta", mal_id=7, popularity=50_000)
    saka = AnimeFactory(title="Midori no Saka", mal_id=9, popularity=50_000, year=2019)
    answers, err, code = run(
        {"title": "Midori no Saka (GerSub)", "year": 2019, "type": "TV", "provider": "x"},
        {"title": "Kaze no Tani no Uta"},
        {"title": "🎉"},
    )
    assert [answer["mal_id"] for answer in answers] == [9, 7, None]
    assert [answer["anime_id"] for answer in answers] == [saka.pk, uta.pk, None]
    assert [answer["decision"] for answer in answers] == ["auto", "auto", "none"]
    assert set(answers[0]) == {"title", "mal_id", "anime_id", "confidence", "decision", "reasons"}
    assert answers[0]["title"] == "Midori no Saka (GerSub)"
    assert (err, code) == ("", 0)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[1]", "not an object"),
        ({}, "no title"),
        ({"title": 7}, "no title"),
        ({"title": "   "}, "no title"),
        ({"title": "a" * 501}, "longer than 500"),
        ({"title": "Yoru", "year": "2019"}, "year"),
        ({"title": "Yoru", "year": True}, "year"),
        ({"title": "Yoru", "episodes": -1}, "episodes"),
        ({"title": "Yoru", "type": 3}, "type"),
        (b'{"title": "' + b"a" * 1_000_000 + b'"}', "too long"),
    ],
)
def test_bad_lines_are_answered_and_the_run_goes_on(run: Any, line: object, error: str) -> None:
    AnimeFactory(title="Kaze no Tani no Uta", mal_id=7, popularity=50_000)
    answers, err, code = run(line, {"title": "Kaze no Tani no Uta"})
    assert error in answers[0]["error"]
    assert (answers[0]["mal_id"], answers[0]["decision"]) == (None, "none")
    assert answers[1]["mal_id"] == 7
    assert err.startswith("line 1: ")
    assert code == 1


def test_nul_and_odd_types_are_no_errors(run: Any) -> None:
    answers, _, code = run({"title": "\0"}, {"title": "a\0b", "type": "Manga"}, {"title": "Yoru", "year": None})
    assert len(answers) == 3
    assert code == 0


def test_no_input_is_no_output(run: Any) -> None:
    assert run() == ([], "", 0)
