"""What happened while an entry was private is never shown to others, also when the entry comes out again."""

import datetime
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from lists.access import get_list
from lists.models import ListActivity, WatchedEpisode
from lists.selectors.activities import activities_of, activities_shown
from lists.selectors.statistics import list_statistics
from lists.selectors.years import year_review
from lists.services import batch_undo, entries_change, entry_remove, entry_set
from lists.services.activities import activity_undo
from lists.services.episodes import episode_next
from lists.services.watching import SeenEpisode, episodes_seen

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")
STRANGER = AnonymousUser()
judge = import_module("lists.migrations.0004_was_public_judged").judge


@pytest.fixture
def user() -> User:
    return UserFactory.create(username="keeper", activity_visibility="everyone")


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory.create(document=True)


def read_by_others(user: User) -> list[dict[str, Any]]:
    """The changes that a stranger reads, the oldest first."""
    return [dict(row.changes) for row in reversed(activities_shown(STRANGER, user).rows)]


class TestFeed:
    def test_what_was_done_in_private_never_comes_out(self, user: User, anime: Anime) -> None:
        entry_set(user=user, anime_id=anime.pk, status="watching")
        entry_set(user=user, anime_id=anime.pk, is_private=True, score=10)
        assert read_by_others(user) == []
        entry_set(user=user, anime_id=anime.pk, score=20)
        entry_set(user=user, anime_id=anime.pk, status="dropped")
        entry_set(user=user, anime_id=anime.pk, is_private=False, status="on_hold")
        entry_set(user=user, anime_id=anime.pk, score=30)
        assert read_by_others(user) == [{"status": (None, "watching")}, {"score": (20, 30)}]
        assert len(activities_of(user).rows) == 6

    def test_nor_when_it_began_in_private(self, user: User, anime: Anime) -> None:
        entry_set(user=user, anime_id=anime.pk, status="dropped", is_private=True)
        entry_set(user=user, anime_id=anime.pk, is_private=False)
        assert read_by_others(user) == []

    def test_nor_when_going_private_is_undone(self, user: User, anime: Anime) -> None:
        entry_set(user=user, anime_id=anime.pk)
        hidden = entry_set(user=user, anime_id=anime.pk, is_private=True).activity
        entry_set(user=user, anime_id=anime.pk, score=20)
        assert hidden is not None
        activity_undo(user=user, activity_id=hidden.pk)
        assert read_by_others(user) == [{"status": (None, "planned")}]

    def test_nor_when_it_left_the_list_and_came_back(self, user: User, anime: Anime) -> None:
        entry_set(user=user, anime_id=anime.pk, is_private=True, score=20)
        removal = entry_remove(user=user, anime_id=anime.pk)
        assert removal is not None
        assert not removal.was_public
        activity_undo(user=user, activity_id=removal.pk)
        entry_set(user=user, anime_id=anime.pk, is_private=False)
        assert read_by_others(user) == []

    def test_nor_by_a_bulk_edit(self, user: User, anime: Anime) -> None:
        other = AnimeFactory.create(document=True)
        entry_set(user=user, anime_id=anime.pk, is_private=True)
        entry_set(user=user, anime_id=other.pk)
        entries_change(user=user, anime_ids=[anime.pk, other.pk], source="site", score=50)
        done = entries_change(user=user, anime_ids=[anime.pk, other.pk], source="site", is_private=True, score=60)
        batch_undo(user=user, batch=done.batch)
        entries_change(user=user, anime_ids=[anime.pk, other.pk], source="site", is_private=False)
        shown = [row.activity.anime_id for row in activities_shown(STRANGER, user).rows]
        assert shown == [other.pk, other.pk]
        assert read_by_others(user)[1] == {"score": (None, 50)}


class TestEpisodes:
    def test_days_of_private_watching_are_nobody_elses(self, user: User, anime: Anime) -> None:
        episode_next(user=user, anime_id=anime.pk)
        entry_set(user=user, anime_id=anime.pk, is_private=True)
        episode_next(user=user, anime_id=anime.pk)
        seen = SeenEpisode(anime.pk, 3, 1400, 1440, timezone.now())
        assert episodes_seen(user=user, seen=[seen]) == 1
        entry_set(user=user, anime_id=anime.pk, status="dropped")
        entry_set(user=user, anime_id=anime.pk, is_private=False)
        assert [row.was_public for row in WatchedEpisode.objects.order_by("episode_number")] == [True, False, False]
        year = timezone.now().year
        for viewer, episodes, dropped in ((user, 3, 1), (STRANGER, 1, 0)):
            found = get_list(viewer, user.username)
            activity = list_statistics(viewer, found, zone=UTC).activity
            assert activity is not None
            assert [day.episodes for day in activity.days] == [episodes]
            review = year_review(viewer, found, year=year, zone=UTC)
            assert (review.episodes, review.dropped_count) == (episodes, dropped)

    def test_one_that_counts_again_is_as_public_as_that_time(self, user: User, anime: Anime) -> None:
        entry_set(user=user, anime_id=anime.pk, is_private=True)
        activity = episode_next(user=user, anime_id=anime.pk).activity
        assert activity is not None
        activity_undo(user=user, activity_id=activity.pk)
        entry_set(user=user, anime_id=anime.pk, is_private=False)
        episode_next(user=user, anime_id=anime.pk)
        assert WatchedEpisode.objects.get().was_public


class TestOldRows:
    """The migration judges what was written before."""

    def forgotten(self) -> dict[Any, bool]:
        """What the services said, by row; then all rows are as the migration before leaves them."""
        said = dict(ListActivity.objects.values_list("pk", "was_public"))
        ListActivity.objects.update(was_public=False)
        WatchedEpisode.objects.update(was_public=False)
        return said

    def judged(self) -> dict[Any, bool]:
        judge(apps)
        return dict(ListActivity.objects.values_list("pk", "was_public"))

    def test_are_judged_as_if_they_were_new(self, user: User, anime: Anime) -> None:
        other, third = AnimeFactory.create(), AnimeFactory.create()
        entry_set(user=user, anime_id=other.pk, score=5)
        entry_set(user=user, anime_id=anime.pk)
        episode_next(user=user, anime_id=anime.pk)
        hidden = entry_set(user=user, anime_id=anime.pk, is_private=True).activity
        episode_next(user=user, anime_id=anime.pk)
        assert hidden is not None
        activity_undo(user=user, activity_id=hidden.pk)
        entry_set(user=user, anime_id=anime.pk, notes="n")
        entry_set(user=user, anime_id=third.pk, is_private=True)
        entry_remove(user=user, anime_id=third.pk)
        entry_set(user=user, anime_id=third.pk, score=7)
        said = self.forgotten()
        assert self.judged() == said
        assert sorted(said.values()) == [False] * 4 + [True] * 5
        assert [row.was_public for row in WatchedEpisode.objects.order_by("episode_number")] == [True, False]

    def test_that_lead_elsewhere_than_the_entry_stay_private(self, user: User, anime: Anime) -> None:
        entry = entry_set(user=user, anime_id=anime.pk).entry
        entry_set(user=user, anime_id=anime.pk, is_private=True)
        entry.is_private = False
        entry.save(update_fields=["is_private"])
        self.forgotten()
        assert not any(self.judged().values())

    def test_without_a_word_are_what_the_entry_is(self, user: User, anime: Anime) -> None:
        other = AnimeFactory.create()
        for one, is_private in ((anime, True), (other, False)):
            entry = entry_set(user=user, anime_id=one.pk, score=5).entry
            entry.is_private = is_private
            entry.save(update_fields=["is_private"])
        self.forgotten()
        judge(apps)
        assert ListActivity.objects.get(was_public=True).anime_id == other.pk

    def test_younger_ones_are_left_alone(self, user: User, anime: Anime) -> None:
        entry_set(user=user, anime_id=anime.pk)
        ListActivity.objects.update(was_public=False, created_at=timezone.now() + datetime.timedelta(minutes=1))
        assert not any(self.judged().values())
