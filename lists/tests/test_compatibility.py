"""How well tastes agree."""

import pytest

from accounts.tests.factories import UserFactory
from catalog.models import Rating
from catalog.tests.factories import AnimeFactory
from lists.access import get_list
from lists.models import ListEntry
from lists.selectors.compatibility import agreement, compatibility_of


@pytest.mark.parametrize(
    ("pairs", "least", "most"),
    [
        ([], 50, 50),
        ([(80, 80)] * 3, 60, 75),
        ([(score, score) for score in range(10, 100, 2)], 93, 100),
        ([(score, 100 - score) for score in range(0, 101, 5)], 5, 15),
        ([(50, 50)] * 100, 97, 100),
        ([(0, 100)] * 100, 0, 3),
        ([(80, 40), (60, 20), (100, 60)] * 20, 55, 62),
    ],
)
def test_agreement(pairs: list[tuple[int, int]], least: int, most: int) -> None:
    assert least <= agreement(pairs) <= most


@pytest.mark.django_db
def test_what_both_scored_is_compared(django_assert_num_queries) -> None:
    me, them = UserFactory.create(), UserFactory.create(username="them")
    scores = [(90, 85), (85, 95), (30, 90), (60, 60), (None, 70), (80, None)]
    for mine, theirs in scores:
        anime = AnimeFactory(document=True)
        for user, score in ((me, mine), (them, theirs)):
            ListEntry.objects.create(user=user, anime=anime)
            if score is not None:
                Rating.objects.create(user=user, anime=anime, score=score)
    secret = AnimeFactory(document=True)
    for user in (me, them):
        ListEntry.objects.create(user=user, anime=secret, is_private=user == them)
        Rating.objects.create(user=user, anime=secret, score=100)
    entries = get_list(me, "them").entries
    with django_assert_num_queries(2):
        found = compatibility_of(me, entries)
    assert (found.shared, found.scored) == (6, 4)
    assert found.mean_difference == (5 + 10 + 60 + 0) / 4
    assert [(one.mine, one.theirs) for one in found.loved] == [(85, 95), (90, 85)]
    assert [(one.mine, one.theirs) for one in found.disputed] == [(30, 90)]


@pytest.mark.django_db
def test_too_little_in_common_is_said() -> None:
    me, them = UserFactory.create(), UserFactory.create(username="them")
    for _ in range(2):
        anime = AnimeFactory(document=True)
        for user in (me, them):
            ListEntry.objects.create(user=user, anime=anime)
            Rating.objects.create(user=user, anime=anime, score=80)
    found = compatibility_of(me, get_list(me, "them").entries)
    assert (found.percent, found.scored, found.loved) == (None, 2, [])
