"""The walk over relations: what belongs, in which order, and what each member is to the asked one."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import RelationKind
from catalog.selectors.franchise import composed, franchise, relations_from, watch_order
from catalog.tests import factories

YEAR = datetime.date(2000, 1, 1)


def dates(**years: int | None) -> dict[int, datetime.date | None]:
    return {int(key[1:]): None if year is None else YEAR.replace(year=year) for key, year in years.items()}


def test_prequels_precede_sequels_even_against_the_dates() -> None:
    assert watch_order(dates(_1=2005, _2=2001, _3=2003), [(2, 1, "prequel"), (1, 3, "side_story")]) == [3, 1, 2]


def test_dates_then_ids_decide_and_unknown_dates_come_last() -> None:
    assert watch_order(dates(_1=None, _2=2001, _3=2001, _4=1999), []) == [4, 2, 3, 1]


def test_a_circle_is_broken_at_its_earliest() -> None:
    circle = [(1, 2, "sequel"), (2, 3, "sequel"), (3, 1, "sequel")]
    assert watch_order(dates(_1=2003, _2=2001, _3=2002), circle) == [2, 3, 1]


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from(RelationKind.values)), max_size=30))
def test_every_member_appears_once_whatever_the_relations(edges: list[tuple[int, int, str]]) -> None:
    known = dict.fromkeys(range(1, 10), YEAR)
    assert sorted(watch_order(known, edges)) == list(range(1, 10))
    assert 1 not in relations_from(1, edges)


def test_relations_are_told_from_the_asked_one() -> None:
    edges = [(1, 2, "sequel"), (2, 3, "sequel"), (2, 4, "side_story"), (5, 1, "parent"), (6, 1, "summary")]
    assert relations_from(1, edges) == {
        2: "sequel", 3: "sequel", 4: "side_story", 5: "side_story", 6: "full_story",
    }  # fmt: skip
    assert relations_from(3, edges)[1] == "prequel"


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [("sequel", "sequel", "sequel"), ("sequel", "prequel", "other"), ("prequel", "spin_off", "spin_off"),
     ("side_story", "sequel", "side_story"), ("summary", "side_story", "other")],
)  # fmt: skip
def test_what_a_path_amounts_to(first: str, second: str, whole: str) -> None:
    assert composed(first, second) == whole


@pytest.mark.django_db
def test_a_shared_character_joins_a_neighbour_but_not_its_franchise() -> None:
    anime, crossover, far = (factories.AnimeFactory(document=True) for _ in range(3))
    factories.RelationFactory(from_anime=anime, to_anime=crossover, kind="character")
    factories.RelationFactory(from_anime=crossover, to_anime=far, kind="sequel")
    assert [member.anime_id for member in franchise(anime)] == [anime.pk, crossover.pk]
    assert [member.anime_id for member in franchise(far)] == [crossover.pk, far.pk]
