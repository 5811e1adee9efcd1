"""Hotness: a tenth of the reactions is worth twelve and a half hours; what is written by the task, and only what moved."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.factories import UserFactory
from social.models import Post, PostImage, Thread
from social.services import post_hotness, post_images
from social.services.post_hotness import hotness_refresh
from social.services.post_ranks import MOVES_FOR, TENFOLD_SECONDS, hotness
from social.services.posts import post_delete
from social.tasks import post_images_sweep, posts_hotness
from social.tests.posts import image_of, post_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def hot(score: int, hours: float, comments: int = 0) -> float:
    return hotness(score=score, comments=comments, created_at=NOW - timedelta(hours=hours))


def test_ten_times_the_reactions_are_worth_twelve_and_a_half_hours() -> None:
    assert hot(10, 12.5) == pytest.approx(hot(1, 0))
    assert hot(1000, 25) == pytest.approx(hot(10, 0))
    assert hot(100, 12.4) > hot(10, 0) > hot(100, 12.6)
    assert timedelta(seconds=TENFOLD_SECONDS) == timedelta(hours=12.5)


def test_more_is_never_colder_and_nothing_is_as_good_as_one() -> None:
    scores = [hot(score, 3) for score in (0, 1, 2, 3, 10, 99, 100, 10_000)]
    assert scores == sorted(scores)
    assert scores[0] == scores[1] < scores[2]
    ages = [hot(5, hours) for hours in (0, 0.01, 1, 24, 1000, 100_000)]
    assert ages == sorted(ages, reverse=True)


def test_comments_count_like_reactions() -> None:
    assert hot(3, 2, comments=7) == hot(10, 2)


def test_seconds_apart_are_told_apart() -> None:
    assert hot(0, 0) > hot(0, 1 / 3600)


def test_what_is_older_than_the_window_cannot_come_back() -> None:
    assert hot(1_000_000, MOVES_FOR.total_seconds() / 3600) < hot(0, 24)


@pytest.mark.django_db
def test_the_task_ranks_what_can_still_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_hotness, "BATCH", 2)
    fresh = post_of(age=timedelta(hours=1))
    liked = post_of(age=timedelta(hours=6), score=50)
    talked = post_of(age=timedelta(hours=6))
    Thread.objects.create(kind="post", post=talked, comment_count=9)
    old = post_of(age=MOVES_FOR + timedelta(minutes=1), score=5)
    gone = post_of(age=timedelta(hours=2), score=900)
    post_delete(actor=gone.author, post_id=gone.pk)
    Post.objects.update(hot=1)
    assert hotness_refresh() == 3
    order = Post.objects.filter(hot__gt=1).order_by("-hot")
    assert list(order.values_list("pk", flat=True)) == [liked.pk, talked.pk, fresh.pk]
    assert set(Post.objects.filter(hot=1).values_list("pk", flat=True)) == {old.pk, gone.pk}
    assert posts_hotness() == 0


@pytest.mark.django_db
def test_a_run_in_which_nothing_moved_writes_nothing() -> None:
    for _turn in range(3):
        post_of()
    hotness_refresh()
    with CaptureQueriesContext(connection) as asked:
        assert hotness_refresh() == 0
    assert not [query for query in asked.captured_queries if query["sql"].startswith("UPDATE")]


@pytest.mark.django_db(transaction=True)
def test_pictures_that_no_post_took_within_a_day_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_images, "SWEEP_BATCH", 1)
    author = UserFactory.create()
    shown, fresh, *left = (image_of(author, (number, 9, 9)) for number in range(4))
    post_of(author, image_ids=(shown.pk,))
    PostImage.objects.exclude(pk=fresh.pk).update(created_at=timezone.now() - timedelta(hours=25))
    assert post_images_sweep() == 2
    assert set(PostImage.objects.values_list("pk", flat=True)) == {shown.pk, fresh.pk}
    assert not type(left[0].image).objects.filter(pk__in=[image.image_id for image in left]).exists()
    assert post_images_sweep() == 0
