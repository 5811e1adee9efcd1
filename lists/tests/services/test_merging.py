"""What happens to lists and places when two anime become one."""

import datetime

import pytest
from django.utils import timezone

from catalog.facade import anime_merge
from catalog.tests.factories import AnimeFactory, UserFactory
from lists.models import ListEntry, WatchProgress

pytestmark = pytest.mark.django_db


def place(user, anime, number, position, hours_ago):
    return WatchProgress.objects.create(
        user=user,
        anime=anime,
        episode_number=number,
        position=position,
        updated_at=timezone.now() - datetime.timedelta(hours=hours_ago),
    )


def test_entries_move_and_nobody_has_two():
    keep, duplicate = AnimeFactory(), AnimeFactory()
    both, one = UserFactory(), UserFactory()
    ListEntry.objects.create(user=both, anime=keep, status="watching")
    ListEntry.objects.create(user=both, anime=duplicate, status="dropped")
    ListEntry.objects.create(user=one, anime=duplicate, status="completed")
    anime_merge(actor=None, keep=keep, duplicate=duplicate)
    assert set(ListEntry.objects.values_list("user_id", "anime_id", "status")) == {
        (both.pk, keep.pk, "watching"),
        (one.pk, keep.pk, "completed"),
    }


def test_of_two_places_in_one_episode_the_newer_stays():
    keep, duplicate, user = AnimeFactory(), AnimeFactory(), UserFactory()
    place(user, keep, 1, 100, hours_ago=5)
    place(user, duplicate, 1, 200, hours_ago=1)
    place(user, keep, 2, 300, hours_ago=1)
    place(user, duplicate, 2, 400, hours_ago=5)
    place(user, duplicate, 3, 500, hours_ago=9)
    anime_merge(actor=None, keep=keep, duplicate=duplicate)
    rows = WatchProgress.objects.filter(user=user, anime=keep).order_by("episode_number")
    assert list(rows.values_list("episode_number", "position")) == [(1, 200), (2, 300), (3, 500)]
    assert WatchProgress.objects.count() == 3
