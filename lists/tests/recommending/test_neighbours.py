"""Who likes what together, on small made-up tastes."""

import pytest

from lists.recommending.neighbours import DAMPING, FAINT, KEPT, liking, neighbours_of
from lists.recommending.ratings_file import ratings_read

HEAD = "user_id,anime_id,rating,watching_status,watched_episodes"


def _taste(people: range, *anime: int, score: int = 80) -> list[tuple[int, int, int]]:
    return [(person, key, score) for person in people for key in anime]


def test_what_the_same_people_like_is_near() -> None:
    ratings = _taste(range(30), 1, 2) + _taste(range(100, 130), 3, 4)
    found = dict(neighbours_of(ratings))
    assert [key for key, _ in found[1]] == [2]
    assert [key for key, _ in found[3]] == [4]
    assert 0 < found[1][0][1] <= 1


def test_a_neighbour_that_everybody_has_is_held_against_its_fame() -> None:
    """2 and 9 share as many people with 1; everybody else has 9 too, so 2 says more."""
    ratings = _taste(range(20), 1, 2, 9) + _taste(range(100, 400), 9, 50)
    assert [key for key, _ in dict(neighbours_of(ratings))[1]][:2] == [2, 9]


def test_what_was_disliked_pulls_less() -> None:
    liked = dict(neighbours_of(_taste(range(20), 1, 2)))[1][0][1]
    disliked = dict(neighbours_of(_taste(range(20), 1) + _taste(range(20), 2, score=20)))[1][0][1]
    assert disliked < liked
    assert (liking(None), liking(20), liking(60)) == (1.0, FAINT, 1.0)


def test_one_person_in_common_is_next_to_nothing() -> None:
    assert dict(neighbours_of(_taste(range(1), 1, 2)))[1][0][1] < 1 / DAMPING


def test_no_more_than_the_best_are_kept_and_nobody_is_an_own_neighbour() -> None:
    found = dict(neighbours_of(_taste(range(5), *range(1, 60))))
    assert len(found[7]) == KEPT
    assert all(key != anime for anime, near in found.items() for key, _ in near)


def test_nobody_rated_anything() -> None:
    assert list(neighbours_of([])) == []


class TestFile:
    def test_a_line(self) -> None:
        (line,) = ratings_read([HEAD, "7,67,9.0,2,12"])
        assert (line.person, line.mal_id, line.score, line.status, line.episodes_watched) == (
            "7",
            67,
            90,
            "completed",
            12,
        )

    @pytest.mark.parametrize("bad", ["7,67,11,2,1", "7,x,9,2,1", "7,67,9,5,1", "7,67,nan,2,1", "7,67"])
    def test_a_bad_line_is_named(self, bad: str) -> None:
        with pytest.raises(ValueError, match="line 2"):
            list(ratings_read([HEAD, bad]))

    def test_missing_columns_are_named(self) -> None:
        with pytest.raises(ValueError, match="watched_episodes"):
            list(ratings_read(["user_id,anime_id,rating,watching_status"]))
