"""A year in review: what falls into it, and to whom it is told."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory, GenreFactory
from core.errors import NotFound
from lists.access import get_list
from lists.models import ChangeSource, ListActivity
from lists.selectors.years import year_review
from lists.tests.watched import entry, seen

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")


@pytest.fixture
def user():
    return UserFactory.create(username="counter", activity_visibility="everyone")


def review_of(user, year: int = 2025, *, viewer=None, zone: ZoneInfo = UTC):
    viewer = viewer or user
    return year_review(viewer, get_list(viewer, user.username), year=year, zone=zone)


def test_an_empty_year(user) -> None:
    found = review_of(user)
    assert found.is_empty
    assert (found.years, found.busiest_day, found.busiest_month, found.first_finished) == ([], None, None, None)


def test_episodes_are_those_noted_and_those_of_finishes_without_notes(user) -> None:
    noted = entry(user, status="completed", episodes_watched=12, finished_on="2025-02-03")
    seen(user, noted.anime, "2025-02-01T10:00", "2025-02-02T10:00", "2025-02-02T11:00")
    entry(user, status="completed", episodes_watched=12, finished_on="2025-07", facts={"duration_seconds": 600})
    entry(user, status="completed", episodes_watched=12, finished_on="2024-12-31")
    found = review_of(user)
    assert found.episodes == 3 + 12
    assert found.minutes == 3 * 24 + 12 * 10
    assert found.finished_count == 2
    assert [(m.number, m.episodes, m.finished) for m in found.months if m.episodes or m.finished] == [
        (2, 3, 1),
        (7, 12, 1),
    ]
    assert found.busiest_month.number == 7
    assert found.busiest_day == (datetime.date(2025, 2, 2), 2)
    assert (found.active_days, found.longest_streak) == (3, 3)
    assert found.years == [2025, 2024]
    assert found.first_finished.on == "2025-02-03"
    assert found.last_finished is None  # one whole date is both ends


def test_a_year_begins_at_new_year_of_the_zone(user) -> None:
    one = entry(user, status="watching")
    seen(user, one.anime, "2024-12-31T20:00")
    assert review_of(user, 2025).episodes == 0
    assert review_of(user, 2025, zone=ZoneInfo("Asia/Tokyo")).episodes == 1
    assert review_of(user, 2025, zone=ZoneInfo("Asia/Tokyo")).years == [2025]


def test_what_left_the_list_was_still_watched(user) -> None:
    seen(user, AnimeFactory.create(duration_seconds=1200), "2025-05-05T10:00")
    assert (review_of(user).episodes, review_of(user).minutes) == (1, 20)


def test_best_begun_and_dropped(user) -> None:
    drama = GenreFactory.create(name="Drama")
    for score, day in ((70, "2025-03-01"), (95, "2025-01-02"), (None, "2025-12-24")):
        entry(
            user,
            status="completed",
            score=score,
            started_on=day,
            finished_on=day,
            facts={"genres": [drama], "title": day},
        )
    told = entry(user, status="dropped")
    entry(user, status="dropped", finished_on="2025-04")
    brought = entry(user, status="dropped")
    again = entry(user, status="watching")
    when = datetime.datetime(2025, 6, 1, tzinfo=datetime.UTC)
    for one, source in ((told, "site"), (brought, ChangeSource.IMPORT), (again, "site")):
        ListActivity.objects.create(
            user=user,
            anime=one.anime,
            kind="changed",
            source=source,
            created_at=when,
            was_public=True,
            changes={"status": ["watching", "dropped"]},
        )
    found = review_of(user)
    assert [title.score for title in found.top] == [95, 70]
    assert found.mean_score == 82.5
    assert [title.on for title in found.finished] == ["2025-01-02", "2025-03-01", "2025-12-24"]
    assert (found.first_finished.on, found.last_finished.on) == ("2025-01-02", "2025-12-24")
    assert (found.started_count, found.dropped_count) == (3, 2)
    assert [(group.name, group.count) for group in found.genres] == [("Drama", 3)]


def test_private_entries_and_their_episodes_are_the_owners_own(user) -> None:
    hidden = entry(user, status="completed", finished_on="2025-05-05", is_private=True)
    seen(user, hidden.anime, "2025-05-05T10:00")
    assert review_of(user).finished_count == 1
    assert review_of(user, viewer=AnonymousUser()).is_empty
    assert review_of(user, viewer=AnonymousUser()).years == []


def test_who_hides_their_activity_has_no_year_for_others(user) -> None:
    user.activity_visibility = "nobody"
    user.save()
    entry(user, status="completed", finished_on="2025-05-05")
    assert not review_of(user).is_empty
    with pytest.raises(NotFound):
        review_of(user, viewer=AnonymousUser())


@pytest.mark.parametrize("year", [0, 1899, 2201, 10**12])
def test_years_that_no_date_can_have(user, year: int) -> None:
    with pytest.raises(NotFound):
        review_of(user, year)


def test_as_many_queries_for_more(user) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            one = entry(user, status="completed", finished_on="2025-05-05", facts={"genres": [GenreFactory.create()]})
            seen(user, one.anime, "2025-05-05T10:00")
            seen(user, AnimeFactory.create(), "2025-05-06T10:00")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            review_of(user)
        return len(captured)

    fill(2)
    few = queries()
    fill(5)
    assert queries() == few
