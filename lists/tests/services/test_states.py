"""What follows by itself from a change of an entry; no database."""

import datetime

import pytest

from lists.services.states import EntryState, state_diff, state_settle

TODAY = datetime.date(2026, 3, 4)
DAY = "2026-03-04"


def settle(before: EntryState | None, episode_count: int | None = 12, **wanted: object) -> dict[str, object]:
    """What differs afterwards, {field: value}."""
    after = state_settle(before, wanted, episode_count=episode_count, today=TODAY)
    return {name: now for name, (_, now) in state_diff(before, after).items()}


WATCHING = EntryState(status="watching", episodes_watched=11, started_on="2026-01-01")
DONE = EntryState(status="completed", episodes_watched=12, started_on="2020", finished_on="2020-02")
AGAIN = EntryState(status="rewatching", episodes_watched=11, rewatch_count=1, started_on="2020", finished_on="2020-02")


@pytest.mark.parametrize(
    ("before", "wanted", "after"),
    [
        (None, {}, {"status": "planned"}),
        (None, {"score": 80}, {"status": "planned", "score": 80}),
        (None, {"status": "watching"}, {"status": "watching", "started_on": DAY}),
        (None, {"episodes_watched": 3}, {"status": "watching", "episodes_watched": 3, "started_on": DAY}),
        (None, {"status": "completed"}, {"status": "completed", "episodes_watched": 12, "finished_on": DAY}),
        (None, {"status": "planned", "episodes_watched": 3}, {"status": "planned", "episodes_watched": 3}),
        (
            None,
            {"status": "completed", "finished_on": "2011", "episodes_watched": 10},
            {"status": "completed", "finished_on": "2011", "episodes_watched": 10},
        ),
        (WATCHING, {"episodes_watched": 12}, {"status": "completed", "episodes_watched": 12, "finished_on": DAY}),
        (WATCHING, {"episodes_watched": 12, "status": "watching"}, {"episodes_watched": 12}),
        (WATCHING, {"episodes_watched": 4}, {"episodes_watched": 4}),
        (EntryState(status="watching"), {"episodes_watched": 1}, {"episodes_watched": 1, "started_on": DAY}),
        (
            EntryState(status="on_hold", episodes_watched=2, started_on="2019"),
            {"episodes_watched": 3},
            {"status": "watching", "episodes_watched": 3},
        ),
        (EntryState(status="dropped", episodes_watched=2), {"episodes_watched": 12}, {"episodes_watched": 12}),
        (DONE, {"episodes_watched": 5}, {"episodes_watched": 5}),
        (DONE, {"status": "rewatching"}, {"status": "rewatching", "episodes_watched": 0}),
        (AGAIN, {"episodes_watched": 12}, {"status": "completed", "episodes_watched": 12, "rewatch_count": 2}),
        (AGAIN, {"status": "completed"}, {"status": "completed", "episodes_watched": 12, "rewatch_count": 2}),
        (AGAIN, {"status": "completed", "rewatch_count": 7}, {"status": "completed", "episodes_watched": 12, "rewatch_count": 7}),
        (AGAIN, {"status": "dropped"}, {"status": "dropped"}),
        (DONE, {"status": "completed"}, {}),
        (EntryState(finished_on="2011"), {"status": "watching"}, {"status": "watching"}),
    ],
)  # fmt: skip
def test_what_follows(before: EntryState | None, wanted: dict, after: dict) -> None:
    assert settle(before, **wanted) == after


def test_an_unknown_number_of_episodes_never_completes() -> None:
    assert settle(WATCHING, episode_count=None, episodes_watched=5000) == {"episodes_watched": 5000}
    assert settle(None, episode_count=None, status="completed") == {"status": "completed", "finished_on": DAY}


def test_a_film_is_begun_and_finished_on_one_day() -> None:
    found = settle(None, episode_count=1, episodes_watched=1)
    assert found == {"status": "completed", "episodes_watched": 1, "started_on": DAY, "finished_on": DAY}


def test_a_state_goes_there_and_back_as_json() -> None:
    state = EntryState(status="dropped", score=5, tags=("a", "б"), notes="x", is_private=True)
    assert EntryState.of_json(state.as_json()) == state
    assert EntryState.of_json({**state.as_json(), "extras": {}}) == state
