"""Two changes at the same moment: one line, nothing lost (SQLite and PostgreSQL)."""

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from lists.models import ListActivity
from lists.services import activity_undo, entry_set, episode_next
from lists.services.collections import collection_create
from social.models import FeedItem
from social.services.feed import collection_tell
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory.create(episode_count=24)


def told() -> list[tuple[str, int | None, int | None, int]]:
    return [(row.verb, row.first_episode, row.last_episode, len(row.parts)) for row in FeedItem.objects.all()]


@pytest.mark.parametrize("is_listed", [True, False])
def test_episodes_at_once_are_one_line(user: User, anime: Anime, is_listed: bool) -> None:
    if is_listed:
        entry_set(user=user, anime_id=anime.pk, status="watching")
    calls = [lambda: episode_next(user=user, anime_id=anime.pk)] * 6
    assert at_once(calls) == {"done": 6}
    assert told() == [("watched", 1, 6, 6 + is_listed)]


def test_undone_and_watched_at_once(user: User, anime: Anime) -> None:
    for _number in range(3):
        episode_next(user=user, anime_id=anime.pk)
    last = ListActivity.objects.latest("created_at")
    ends = at_once(
        [
            lambda: activity_undo(user=user, activity_id=last.pk),
            lambda: entry_set(user=user, anime_id=anime.pk, score=80),
        ]
    )
    assert ends == {"done": 2}
    assert told() == [("watched", 1, 2, 3)]
    assert FeedItem.objects.get().score == 80


def test_a_collection_is_told_once(user: User) -> None:
    shelf = collection_create(actor=user, title="Shelf", visibility="private")
    calls = [lambda: collection_tell(collection_id=shelf.pk, owner_id=user.pk)] * 4
    assert at_once(calls) == {"done": 4}
    assert FeedItem.objects.count() == 1
