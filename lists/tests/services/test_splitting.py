"""An anime is split: how far people are in its episodes follows these, their entries stay."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.tests.factories import UserFactory
from catalog.events import AnimeSplit
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core.events import emit
from lists.models import ListEntry, ScrobbleRule, WatchedEpisode, WatchProgress
from lists.tests.watched import entry, seen

pytestmark = pytest.mark.django_db


def split(pair: tuple[Anime, Anime], kind: str = "regular", offset: int = -12) -> None:
    with transaction.atomic():
        emit(AnimeSplit(pair[0].pk, pair[1].pk, kind, 13, 24, offset))


@pytest.fixture
def pair() -> tuple[Anime, Anime]:
    """The anime that is split, and the new one."""
    return AnimeFactory.create(), AnimeFactory.create()


def place(user: Any, anime: Anime, number: int, position: float) -> None:
    WatchProgress.objects.create(
        user=user, anime=anime, episode_number=number, position=position, updated_at=timezone.now()
    )


def places() -> set[tuple[int, int, float]]:
    return set(WatchProgress.objects.values_list("anime_id", "episode_number", "position"))


def test_places_and_sightings_follow_and_the_entry_stays(pair: tuple[Anime, Anime]) -> None:
    old, new = pair
    user = UserFactory.create()
    entry(user, anime=old, status="watching", episodes_watched=14)
    seen(user, old, *(f"2024-04-{day:02}" for day in range(1, 15)))
    for number in (12, 13, 24, 25):
        place(user, old, number, 60)
    split(pair)
    assert places() == {(old.pk, 12, 60), (new.pk, 1, 60), (new.pk, 12, 60), (old.pk, 25, 60)}
    assert WatchedEpisode.objects.filter(anime=old).count() == 12
    moved = WatchedEpisode.objects.filter(anime=new).order_by("episode_number")
    assert list(moved.values_list("episode_number", "watched_at__date")) == [
        (1, datetime.date(2024, 4, 13)),
        (2, datetime.date(2024, 4, 14)),
    ]
    assert list(ListEntry.objects.values_list("anime_id", "episodes_watched")) == [(old.pk, 14)]


def test_where_the_other_anime_has_the_like_that_stays(pair: tuple[Anime, Anime]) -> None:
    old, new = pair
    user, other = UserFactory.create_batch(2)
    place(user, old, 13, 10)
    place(user, new, 1, 20)
    place(other, old, 13, 30)
    split(pair)
    assert places() == {(new.pk, 1, 20), (new.pk, 1, 30)}


def test_rules_for_one_episode_follow_and_those_for_seasons_stay(pair: tuple[Anime, Anime]) -> None:
    old, new = pair
    user = UserFactory.create()
    for key, number in (("one", 14), ("season", None)):
        ScrobbleRule.objects.create(user=user, server="plex", key=key, anime=old, episode_number=number)
    split(pair)
    assert set(ScrobbleRule.objects.values_list("key", "anime_id", "episode_number")) == {
        ("one", new.pk, 2),
        ("season", old.pk, None),
    }


def test_specials_have_no_places(pair: tuple[Anime, Anime]) -> None:
    place(UserFactory.create(), pair[0], 13, 10)
    split(pair, kind="special")
    split(pair, kind="")
    assert places() == {(pair[0].pk, 13, 10)}


def test_giving_back_restores_the_numbers(pair: tuple[Anime, Anime]) -> None:
    place(UserFactory.create(), pair[0], 13, 10)
    split(pair)
    with transaction.atomic():
        emit(AnimeSplit(pair[1].pk, pair[0].pk, "regular", 1, 12, 12))
    assert places() == {(pair[0].pk, 13, 10)}
