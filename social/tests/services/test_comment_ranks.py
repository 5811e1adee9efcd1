"""What votes make of a comment's place."""

import itertools

import pytest

from social.services.comment_ranks import best_rank, controversy_rank, lower_bound


@pytest.mark.parametrize(
    ("up", "down", "expected"),
    [
        (0, 0, 0.0),
        (1, 0, 0.2065),
        (10, 0, 0.7225),
        (100, 0, 0.9630),
        (1, 1, 0.0945),
        (60, 40, 0.5020),
        (600, 400, 0.5693),
    ],
)
def test_wilsons_lower_bound(up: int, down: int, expected: float) -> None:
    assert lower_bound(up, down) == pytest.approx(expected, abs=1e-4)


def test_more_votes_prove_more() -> None:
    assert best_rank(100, 10) > best_rank(10, 1) > best_rank(1, 0) > best_rank(0, 0)
    assert best_rank(0, 0) > best_rank(0, 1) > best_rank(0, 20)
    assert best_rank(1, 20) > best_rank(0, 0)


def test_every_vote_moves_the_right_way_and_stays_within_bounds() -> None:
    for up, down in itertools.product(range(25), repeat=2):
        here = best_rank(up, down)
        assert -1 < here < 1
        assert best_rank(up + 1, down) > here >= best_rank(up, down + 1)


def test_controversy_is_many_votes_evenly_divided() -> None:
    assert controversy_rank(0, 50) == controversy_rank(50, 0) == controversy_rank(0, 0) == 0
    assert controversy_rank(50, 50) == pytest.approx(100)
    assert controversy_rank(50, 50) > controversy_rank(5, 5) > controversy_rank(90, 10) > controversy_rank(99, 1)
    assert controversy_rank(30, 10) == controversy_rank(10, 30)
