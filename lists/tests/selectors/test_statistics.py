"""What statistics say of a list, and to whom."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeStudioFactory, GenreFactory, StudioFactory, TagFactory
from lists.access import get_list
from lists.models import EntryTag
from lists.selectors.statistics import list_statistics
from lists.selectors.statistics_activity import current_streak, longest_streak
from lists.tests.watched import entry, seen

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")
NOON = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.UTC)


@pytest.fixture
def user():
    return UserFactory.create(username="counter", activity_visibility="everyone")


def statistics_of(user, viewer=None, zone: ZoneInfo = UTC):
    viewer = viewer or user
    return list_statistics(viewer, get_list(viewer, user.username), zone=zone)


class TestTotals:
    def test_an_empty_list_knows_nothing(self, user) -> None:
        totals = statistics_of(user).totals
        assert (totals.total, totals.episodes_watched, totals.minutes_watched) == (0, 0, 0)
        assert (totals.average_score, totals.completion_rate, totals.mean_days_to_finish) == (None, None, None)
        assert statistics_of(user).years == []

    def test_rewatches_count_whole_and_the_present_viewing_as_far_as_it_is(self, user) -> None:
        entry(user, status="completed", episodes_watched=12, rewatch_count=2)
        entry(user, status="rewatching", episodes_watched=3)
        entry(user, status="watching", episodes_watched=5, facts={"episode_count": None})
        entry(user, status="watching", episodes_watched=2, facts={"duration_seconds": None})
        totals = statistics_of(user).totals
        assert totals.episodes_watched == 36 + 15 + 5 + 2
        assert totals.minutes_watched == (36 + 15 + 5) * 24
        assert totals.of_unknown_length == 1
        assert totals.rewatches == 2

    def test_scores_and_rates(self, user) -> None:
        entry(user, status="completed", score=100)
        entry(user, status="completed", score=70)
        entry(user, status="rewatching", score=1)
        entry(user, status="dropped", score=0)
        entry(user, status="planned")
        found = statistics_of(user)
        assert found.totals.average_score == pytest.approx(42.8, abs=0.05)
        assert found.scores == (2, 0, 0, 0, 0, 0, 1, 0, 0, 1)
        assert found.totals.completion_rate == 0.75
        assert found.totals.drop_rate == 0.25
        assert found.totals.counts == {
            "planned": 1, "watching": 0, "completed": 2, "on_hold": 0, "dropped": 1, "rewatching": 1,
        }  # fmt: skip

    def test_days_to_finish_need_both_whole_dates_of_a_first_viewing(self, user) -> None:
        entry(user, status="completed", started_on="2024-02-28", finished_on="2024-03-01")
        entry(user, status="completed", started_on="2024-02", finished_on="2024-03-01")
        entry(user, status="completed", started_on="2020-01-01", finished_on="2024-03-01", rewatch_count=1)
        assert statistics_of(user).totals.mean_days_to_finish == 3


def test_labels_years_and_own_tags(user) -> None:
    drama, action = GenreFactory.create(name="Drama"), GenreFactory.create(name="Action")
    first = entry(
        user, status="completed", score=80, episodes_watched=12, facts={"genres": [drama, action], "year": 1999}
    )
    second = entry(
        user,
        status="completed",
        episodes_watched=12,
        facts={"genres": [drama], "tags": [TagFactory.create(name="Mecha")]},
    )
    AnimeStudioFactory.create(anime=first.anime, studio=StudioFactory.create(name="Bones", slug="bones"))
    AnimeStudioFactory.create(anime=first.anime, studio=StudioFactory.create(name="TV Tokyo"), role="producer")
    EntryTag.objects.bulk_create(
        [EntryTag(entry=e, name=n) for e, n in [(first, "cosy"), (second, "cosy"), (second, "b")]]
    )
    found = statistics_of(user)
    assert [(g.name, g.count, g.mean_score, g.minutes) for g in found.genres] == [
        ("Drama", 2, 80, 576), ("Action", 1, 80, 288),
    ]  # fmt: skip
    assert [(g.key, g.count) for g in found.studios] == [("bones", 1)]
    assert [g.name for g in found.tags] == ["Mecha"]
    assert found.own_tags == [("cosy", 2), ("b", 1)]
    assert [(g.key, g.count) for g in found.years] == [("1999", 1), ("2020", 1)]
    assert [g.key for g in found.decades] == ["1990", "2020"]
    assert [(g.key, g.name) for g in found.formats] == [("tv", "TV series")]


def test_favourites_and_rewatched_come_with_their_cards(user) -> None:
    entry(user, status="completed", is_favourite=True, score=70, facts={"title": "Good"})
    entry(user, status="completed", is_favourite=True, score=90, rewatch_count=3, facts={"title": "Best"})
    found = statistics_of(user)
    assert [(t.card["title"], t.number) for t in found.favourites] == [("Best", 90), ("Good", 70)]
    assert [(t.card["title"], t.number) for t in found.most_rewatched] == [("Best", 3)]


class TestOthers:
    def test_private_entries_count_for_their_owner_only(self, user) -> None:
        open_one = entry(user, status="completed", score=50, facts={"genres": [GenreFactory.create(name="Drama")]})
        hidden = entry(
            user, status="completed", score=100, is_private=True, is_favourite=True, rewatch_count=2,
            facts={"genres": [GenreFactory.create(name="Secret")], "year": 1980},
        )  # fmt: skip
        EntryTag.objects.create(entry=hidden, name="nobody knows")
        seen(user, hidden.anime, "2026-03-09T10:00")
        seen(user, open_one.anime, "2026-03-08T10:00")
        with time_machine.travel(NOON, tick=False):
            own, others = statistics_of(user), statistics_of(user, AnonymousUser())
        assert (own.totals.total, others.totals.total) == (2, 1)
        assert others.totals.average_score == 50
        assert [g.name for g in others.genres] == ["Drama"]
        assert (others.own_tags, others.favourites, others.most_rewatched) == ([], [], [])
        assert [g.key for g in others.years] == ["2020"]
        assert [day.date.day for day in own.activity.days] == [8, 9]
        assert [day.date.day for day in others.activity.days] == [8]

    def test_adult_entries_count_for_who_asked(self, user) -> None:
        entry(user, status="completed", facts={"adult": True})
        assert statistics_of(user, AnonymousUser()).totals.total == 0
        assert statistics_of(user, UserFactory.create(shows_adult=True)).totals.total == 1

    def test_days_are_not_told_to_whom_activity_is_not_shown(self, user) -> None:
        user.activity_visibility = "nobody"
        user.save()
        entry(user, status="completed")
        assert statistics_of(user, AnonymousUser()).activity is None
        assert statistics_of(user).activity is not None


class TestActivity:
    def test_days_are_those_of_the_zone(self, user) -> None:
        one = entry(user, status="watching")
        seen(user, one.anime, "2026-03-08T23:30", "2026-03-09T00:30")
        with time_machine.travel(NOON, tick=False):
            utc, tokyo = statistics_of(user).activity, statistics_of(user, zone=ZoneInfo("Asia/Tokyo")).activity
        assert [(day.date.day, day.episodes) for day in utc.days] == [(8, 1), (9, 1)]
        assert [(day.date.day, day.episodes) for day in tokyo.days] == [(9, 2)]

    def test_finishes_count_undone_episodes_and_the_future_do_not(self, user) -> None:
        entry(user, status="completed", finished_on="2026-03-07")
        entry(user, status="completed", finished_on="2026-05-01")
        entry(user, status="dropped", finished_on="2026-03-06")
        gone = entry(user, status="watching")
        seen(user, gone.anime, "2026-03-05T10:00", undone_at=timezone.now())
        with time_machine.travel(NOON, tick=False):
            found = statistics_of(user).activity
        assert [(day.date.day, day.episodes, day.finished) for day in found.days] == [(7, 0, 1)]
        assert (found.last - found.first).days == 364
        assert found.active_days == 1

    def test_streaks(self) -> None:
        day = datetime.date(2026, 3, 1)
        days = [day + datetime.timedelta(days=n) for n in (0, 1, 2, 5, 6)]
        assert longest_streak(days) == 3
        assert current_streak(days, datetime.date(2026, 3, 7)) == 2
        assert current_streak(days, datetime.date(2026, 3, 8)) == 2
        assert current_streak(days, datetime.date(2026, 3, 9)) == 0
        assert longest_streak([]) == 0


@pytest.mark.parametrize("is_own", [True, False])
def test_as_many_queries_for_more_entries(user, is_own: bool) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            genre = GenreFactory.create()
            one = entry(user, status="completed", is_favourite=True, facts={"genres": [genre]})
            seen(user, one.anime, "2026-03-08T10:00")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            statistics_of(user, user if is_own else AnonymousUser())
        return len(captured)

    fill(2)
    few = queries()
    fill(5)
    assert queries() == few
