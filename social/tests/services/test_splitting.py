"""An anime is split: what was said, told and reported of its episodes follows these."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from catalog.events import AnimeSplit
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core.events import emit
from social.access import get_anime_target
from social.models import Comment, EpisodeRelease, Notification, Report, Thread
from social.selectors.comment_trees import thread_page
from social.tests.comments import said, target_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Anime, Anime]:
    """The anime that is split, and the new one."""
    return AnimeFactory.create(episode_count=24), AnimeFactory.create(episode_count=12)


def split(pair: tuple[Anime, Anime], kind: str = "regular") -> None:
    with transaction.atomic():
        emit(AnimeSplit(pair[0].pk, pair[1].pk, kind, 13, 24, -12))


def test_the_thread_of_an_episode_goes_with_it(pair: tuple[Anime, Anime]) -> None:
    old, new = pair
    author = UserFactory.create()
    top = said(author, target_of(author, old, 13), "what an opening")
    said(author, target_of(author, old, 13), "indeed", to=top)
    said(author, target_of(author, old, 12), "the end of a season")
    said(author, target_of(author, old), "of all of it")
    split(pair)
    assert set(Thread.objects.values_list("anime_id", "episode_number", "comment_count")) == {
        (new.pk, 1, 2),
        (old.pk, 12, 1),
        (old.pk, None, 1),
    }
    assert thread_page(author, get_anime_target(author, new.pk, 1)).nodes[0].comment.body == "what an opening"
    top.refresh_from_db()
    assert (top.anime_id, top.spoils_episode) == (new.pk, 1)


def test_what_gives_away_a_moved_episode_elsewhere_is_blurred_by_the_other_anime(pair: tuple[Anime, Anime]) -> None:
    old, new = pair
    author = UserFactory.create()
    far = said(author, target_of(author, old), "in 20 it is the gardener", spoils_episode=20)
    near = said(author, target_of(author, old), "in 5 it rains", spoils_episode=5)
    split(pair)
    rows = dict(Comment.objects.values_list("pk", "anime_id"))
    assert rows == {far.pk: new.pk, near.pk: old.pk}
    far.refresh_from_db()
    assert far.spoils_episode == 8
    assert set(Thread.objects.values_list("anime_id", "comment_count")) == {(old.pk, 2)}


def test_two_threads_of_one_episode_become_one(pair: tuple[Anime, Anime]) -> None:
    author = UserFactory.create()
    said(author, target_of(author, pair[0], 13), "first")
    said(author, target_of(author, pair[1], 1), "second")
    split(pair)
    thread = Thread.objects.get()
    assert (thread.anime_id, thread.episode_number, thread.comment_count) == (pair[1].pk, 1, 2)


def test_notifications_lead_to_where_the_episode_is(pair: tuple[Anime, Anime]) -> None:
    old, new = pair
    user, now = UserFactory.create(), timezone.now()
    for number, spoils, rest in ((13, None, ""), (14, 14, "#comment-1"), (1, None, "")):
        Notification.objects.create(
            user=user,
            kind="new_episode",
            group=f"{number}",
            url=reverse("watch", args=[old.pk, number]) + rest,
            anime=old,
            spoils_episode=spoils,
            created_at=now,
            updated_at=now,
        )
    split(pair)
    assert set(Notification.objects.values_list("anime_id", "url", "spoils_episode")) == {
        (new.pk, reverse("watch", args=[new.pk, 1]), None),
        (new.pk, reverse("watch", args=[new.pk, 2]) + "#comment-1", 2),
        (old.pk, reverse("watch", args=[old.pk, 1]), None),
    }


def test_reports_follow_and_nobody_is_told_of_an_episode_twice(pair: tuple[Anime, Anime]) -> None:
    old, new = pair
    Report.objects.create(target="episode", anime=old, episode_number=13, reason="other")
    for anime, number in ((old, 12), (old, 13), (old, 14), (new, 1)):
        EpisodeRelease.objects.create(anime=anime, episode_number=number, kind="sub", language="en")
    split(pair)
    assert list(Report.objects.values_list("anime_id", "episode_number")) == [(new.pk, 1)]
    assert sorted(EpisodeRelease.objects.values_list("anime_id", "episode_number")) == [
        (old.pk, 12),
        (new.pk, 1),
        (new.pk, 2),
    ]


def test_specials_are_not_talked_of_by_number(pair: tuple[Anime, Anime]) -> None:
    author = UserFactory.create()
    said(author, target_of(author, pair[0], 13), "hello")
    split(pair, kind="special")
    assert Thread.objects.get().anime_id == pair[0].pk
