"""What counts where a file and a list differ: pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lists.importing.diffing import conflicts_of, outcome_of, record_diff
from lists.importing.records import ListRecord
from lists.importing.rules import extras_merge, record_resolve
from lists.services.states import FIELDS, EntryState

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def record(*, said: Any = FIELDS, updated_at: datetime | None = None, **values: Any) -> ListRecord:
    return ListRecord(1, "T", (("mal", "1"),), EntryState(**values), frozenset(said), updated_at=updated_at)


MINE = EntryState(
    status="watching", score=80, episodes_watched=5, started_on="2024-05-17", notes="mine", tags=("a", "b")
)


@pytest.mark.parametrize(
    ("theirs", "outcome"),
    [
        ({}, "same"),
        ({"notes": ""}, "same"),
        ({"score": None, "started_on": "", "tags": ()}, "same"),
        ({"started_on": "2024-05"}, "same"),
        ({"tags": ("a",)}, "same"),
        ({"finished_on": "2024-06-01"}, "changed"),
        ({"is_favourite": True, "tags": ("a", "b", "c")}, "changed"),
        ({"rewatch_count": 1}, "changed"),
        ({"notes": "theirs"}, "conflict"),
        ({"score": 0}, "conflict"),
        ({"tags": ("b", "c")}, "conflict"),
        ({"episodes_watched": 0}, "conflict"),
        ({"status": "completed"}, "conflict"),
        ({"started_on": "2023"}, "conflict"),
    ],
)
def test_outcomes(theirs: dict[str, Any], outcome: str) -> None:
    diff = record_diff(record(**{**dict(MINE.items()), **theirs}), MINE)
    assert outcome_of(MINE, diff) == outcome


def test_what_a_format_cannot_say_is_never_compared() -> None:
    found = record(said=("status", "episodes_watched"), status="watching", episodes_watched=5)
    assert record_diff(found, MINE) == {}
    assert record_resolve(found, MINE, rule="theirs").after == MINE


def test_numbers_stand_or_fall_with_the_status() -> None:
    mine = EntryState(status="planned")
    found = record(status="watching", episodes_watched=4, started_on="2024-01-01")
    diff = record_diff(found, mine)
    assert conflicts_of(diff) == {"status", "episodes_watched"}
    assert record_resolve(found, mine, rule="mine").after == mine  # a planned anime has not been begun
    assert record_resolve(found, mine, rule="highest").after == replace(found.state)


def test_mine_fills_gaps_only() -> None:
    found = record(status="completed", score=60, episodes_watched=12, finished_on="2024-08-01", is_favourite=True)
    after = record_resolve(found, MINE, rule="mine").after
    assert after == replace(MINE, is_favourite=True)  # a finish date does not fit what is being watched


def test_theirs_takes_all_that_it_says_and_erases_nothing() -> None:
    found = record(status="completed", score=60, episodes_watched=12)
    after = record_resolve(found, MINE, rule="theirs").after
    assert after == replace(MINE, status="completed", score=60, episodes_watched=12)


@pytest.mark.parametrize(("age", "score"), [(timedelta(hours=-1), 80), (timedelta(hours=1), 60), (None, 80)])
def test_newest_is_whoever_changed_last(age: timedelta | None, score: int) -> None:
    found = record(**{**dict(MINE.items()), "score": 60}, updated_at=None if age is None else NOW + age)
    assert record_resolve(found, MINE, rule="newest", changed_at=NOW).after.score == score


@pytest.mark.parametrize(
    ("mine", "theirs", "wins"),
    [
        ({"status": "watching", "episodes_watched": 5}, {"status": "watching", "episodes_watched": 6}, True),
        ({"status": "completed", "episodes_watched": 12}, {"status": "watching", "episodes_watched": 300}, False),
        ({"status": "completed", "episodes_watched": 12}, {"status": "rewatching", "episodes_watched": 2}, True),
        ({"status": "dropped", "rewatch_count": 2}, {"status": "completed", "episodes_watched": 12}, False),
        ({"status": "completed", "rewatch_count": 1}, {"status": "completed", "rewatch_count": 3}, True),
    ],
)
def test_highest_is_whoever_is_further_along(mine: dict[str, Any], theirs: dict[str, Any], wins: bool) -> None:
    state = EntryState(**mine, score=90)
    after = record_resolve(record(**theirs, score=10), state, rule="highest").after
    assert after.score == 90
    assert (after.status, after.episodes_watched, after.rewatch_count) == (
        (theirs["status"], theirs.get("episodes_watched", 0), theirs.get("rewatch_count", 0))
        if wins
        else (state.status, state.episodes_watched, state.rewatch_count)
    )


def test_a_new_entry_is_what_the_file_says_of_what_it_can_say() -> None:
    found = record(said=("status", "score"), status="completed", score=70, notes="not said")
    assert record_resolve(found, None, rule="mine").after == EntryState(status="completed", score=70)


def test_a_rule_applied_twice_changes_nothing_more() -> None:
    found = record(status="completed", score=60, episodes_watched=12, finished_on="2024-08-01", tags=("b", "c"))
    for rule in ("theirs", "mine", "highest"):
        once = record_resolve(found, MINE, rule=rule).after
        assert record_resolve(found, once, rule=rule).after == once


def test_extras_of_both_are_kept() -> None:
    mine, theirs = {"mal": {"a": 1, "b": 1}, "kitsu": {"id": "1"}}, {"mal": {"b": 2}, "anilist": {"p": 1}}
    assert extras_merge(mine, theirs, is_theirs=True) == {
        "mal": {"a": 1, "b": 2},
        "kitsu": {"id": "1"},
        "anilist": {"p": 1},
    }
    assert extras_merge(mine, theirs, is_theirs=False)["mal"] == {"a": 1, "b": 1}
