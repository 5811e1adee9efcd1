"""How much of an import goes into one transaction."""

import pytest
from django.db import connection

from lists.services import import_pace
from lists.services.import_pace import AIM, FIRST, LEAST, MOST, lines_next, paced


@pytest.mark.parametrize(
    ("done", "seconds", "expected"),
    [
        (100, AIM, 100),
        (100, 2 * AIM, 50),
        (100, AIM / 2, 200),
        (100, 0.0, 200),
        (100, 100.0, 25),
        (LEAST, 100.0, LEAST),
        (MOST, 0.0, MOST),
        (3, 0.001, LEAST),
    ],
)
def test_the_next_step_follows_from_the_last(done: int, seconds: float, expected: int) -> None:
    assert lines_next(done, seconds) == expected


@pytest.mark.django_db
def test_until_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    left, asked, told = 1_000, [], []

    def work(lines: int) -> int:
        nonlocal left
        asked.append(lines)
        done = min(lines, left)
        left -= done
        return done

    monkeypatch.setattr(import_pace, "AIM", 1e9)
    paced(work, lambda: told.append(left))
    assert (left, len(told)) == (0, len(asked) - 1)
    assert asked[0] == (FIRST if connection.vendor == "sqlite" else MOST)
    assert max(asked) == MOST


@pytest.mark.django_db(transaction=True)
def test_others_may_write_in_between_on_sqlite_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(import_pace.time, "sleep", slept.append)
    steps = iter([30, 30, 0])
    paced(lambda _lines: next(steps))
    assert slept == ([import_pace.REST] * 2 if connection.vendor == "sqlite" else [])
