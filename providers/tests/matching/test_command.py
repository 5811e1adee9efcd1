"""`manage.py match_titles`: a line out for every line in, whatever the line is."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from catalog.facade import Names
from catalog.tests.factories import AnimeFactory
from providers.management.commands.match_titles import BATCH
from providers.matching.following import Catalogue
from providers.matching.index import Index
from providers.matching.matcher import Matcher

pytestmark = pytest.mark.django_db
NOTHING = Names({}, [], [])


class _Input:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(*lines: object, **options: int) -> tuple[list[dict], str, int]:
        raw = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
        monkeypatch.setattr("sys.stdin", _Input(raw))
        out, err = io.StringIO(), io.StringIO()
        code = 0
        try:
            call_command("match_titles", stdout=out, stderr=err, **options)
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
        (b"", "not JSON"),
        (b" \t\r", "not JSON"),
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


@pytest.mark.parametrize("count", [1, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH, 3 * BATCH + 1])
def test_every_line_is_answered_however_many_there_are(run: Any, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(
        "providers.management.commands.match_titles.matcher", lambda: Matcher(Catalogue(Index(NOTHING)))
    )
    titles = [f"Uta {number}" for number in range(count)]
    answers, err, code = run(*({"title": title} for title in titles))
    assert [answer["title"] for answer in answers] == titles
    assert (err, code) == ("", 0)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_batch_of_any_size_loses_nothing(run: Any, size: int) -> None:
    answers, _, _ = run(*({"title": f"Uta {number}"} for number in range(7)), batch=size)
    assert [answer["title"] for answer in answers] == [f"Uta {number}" for number in range(7)]


def test_answers_pair_with_lines_by_their_number(run: Any) -> None:
    answers, err, code = run({"title": "Uta"}, b"", {"title": "Yoru"}, b"", b"")
    assert [answer["title"] for answer in answers] == ["Uta", None, "Yoru", None, None]
    assert [line.split(":")[0] for line in err.splitlines()] == ["line 2", "line 4", "line 5"]
    assert code == 1


def test_a_last_line_needs_no_line_break(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", _Input(b'{"title": "Uta"}\n{"title": "Yoru"}'))
    out = io.StringIO()
    call_command("match_titles", stdout=out)
    assert [json.loads(line)["title"] for line in out.getvalue().splitlines()] == ["Uta", "Yoru"]


def test_nul_and_odd_types_are_no_errors(run: Any) -> None:
    answers, _, code = run({"title": "\0"}, {"title": "a\0b", "type": "Manga"}, {"title": "Yoru", "year": None})
    assert len(answers) == 3
    assert code == 0


def test_no_input_is_no_output(run: Any) -> None:
    assert run() == ([], "", 0)
