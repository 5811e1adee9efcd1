"""Lines of the feed: what a change of a list says, what joins it, what takes it back."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine as clock
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.services.merging import anime_merge
from catalog.tests.factories import AnimeFactory
from core.errors import DomainError, NotFound
from lists.models import ActivityKind, ChangeSource, ListActivity, ListEntry
from lists.services import (
    activities_clear,
    activity_undo,
    batch_undo,
    entries_change,
    entry_remove,
    entry_set,
    episode_next,
)
from lists.services.collections import collection_create, collection_delete, collection_update
from social.models import FeedItem
from social.services import feed
from social.services.feed_parts import PARTS_LIMIT, Part, part_of, parts_told, sittings_of

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def user() -> User:
    return UserFactory.create(activity_visibility="everyone")


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory.create(episode_count=12)


def read(user: User) -> list[tuple[Any, ...]]:
    """(verb, from, to, score) of the lines that others read, the oldest first."""
    rows = FeedItem.objects.told_to(user, friend_ids=()).filter(user=user).order_by("created_at", "updated_at", "pk")
    return list(rows.values_list("verb", "first_episode", "last_episode", "score"))


def watch(user: User, anime: Anime, times: int = 1) -> ListActivity:
    for _time in range(times):
        activity = episode_next(user=user, anime_id=anime.pk).activity
    assert activity is not None
    return activity


def test_a_sitting_is_one_line(user: User, anime: Anime) -> None:
    with clock.travel(START, tick=False) as now:
        entry_set(user=user, anime_id=anime.pk, status="watching")
        assert read(user) == [("started", None, None, None)]
        for _number in range(3):
            now.shift(timedelta(minutes=25))
            watch(user, anime)
        assert read(user) == [("watched", 1, 3, None)]
        now.shift(timedelta(hours=4))
        watch(user, anime, 2)
        assert read(user) == [("watched", 1, 3, None), ("watched", 4, 5, None)]
        line = FeedItem.objects.order_by("-updated_at")[0]
        assert (line.created_at, line.updated_at) == (timezone.now(), timezone.now())


def test_completing_swallows_what_was_watched_and_the_score_joins(user: User, anime: Anime) -> None:
    watch(user, anime, 12)
    entry_set(user=user, anime_id=anime.pk, score=85)
    assert read(user) == [("completed", 1, 12, 85)]
    assert FeedItem.objects.get().user_id == user.pk


def test_what_is_dropped_planned_and_rated(user: User) -> None:
    one, two, three = AnimeFactory.create_batch(3)
    entry_set(user=user, anime_id=one.pk, status="planned")
    entry_set(user=user, anime_id=two.pk, status="watching")
    entry_set(user=user, anime_id=two.pk, status="dropped", score=20)
    entry_set(user=user, anime_id=three.pk, status="on_hold")
    assert read(user) == [("planned", None, None, None), ("dropped", None, None, 20)]
    entry_set(user=user, anime_id=three.pk, score=50)
    assert read(user)[-1] == ("rated", None, None, 50)
    entry_set(user=user, anime_id=three.pk, score=None)
    assert len(read(user)) == 2
    entry_set(user=user, anime_id=three.pk, status="watching")  # goes on where it stopped: nothing to tell
    assert len(read(user)) == 2


def test_what_says_nothing_is_no_line(user: User, anime: Anime) -> None:
    entry_set(user=user, anime_id=anime.pk, status="on_hold", notes="mine", tags=["x"])
    entry_set(user=user, anime_id=anime.pk, is_favourite=True)
    assert not FeedItem.objects.exists()


def test_a_number_put_right_shortens_the_line(user: User, anime: Anime) -> None:
    entry_set(user=user, anime_id=anime.pk, episodes_watched=9)
    entry_set(user=user, anime_id=anime.pk, episodes_watched=3)
    assert read(user) == [("watched", 1, 3, None)]
    entry_set(user=user, anime_id=anime.pk, episodes_watched=0)
    assert read(user) == []


def test_a_rewatch_begins_a_span_of_its_own(user: User, anime: Anime) -> None:
    watch(user, anime, 12)
    entry_set(user=user, anime_id=anime.pk, status="rewatching")
    assert read(user) == [("started", None, None, None)]
    watch(user, anime, 2)
    assert read(user) == [("watched", 1, 2, None)]


def test_undoing_takes_a_part_and_the_last_part_the_line(user: User, anime: Anime) -> None:
    first, second = watch(user, anime), watch(user, anime)
    activity_undo(user=user, activity_id=second.pk)
    assert read(user) == [("watched", 1, 1, None)]
    activity_undo(user=user, activity_id=first.pk)
    assert not FeedItem.objects.exists()


def test_undoing_what_held_a_line_together_cuts_it(user: User, anime: Anime) -> None:
    with clock.travel(START, tick=False) as now:
        entry_set(user=user, anime_id=anime.pk, status="watching")
        now.shift(timedelta(hours=2))
        rated = entry_set(user=user, anime_id=anime.pk, score=70).activity
        now.shift(timedelta(hours=2))
        watch(user, anime)
        assert read(user) == [("watched", 1, 1, 70)]
        assert rated is not None
        activity_undo(user=user, activity_id=rated.pk)
        assert read(user) == [("started", None, None, None), ("watched", 1, 1, None)]


def test_private_entries_are_never_told(user: User, anime: Anime) -> None:
    entry_set(user=user, anime_id=anime.pk, status="watching", is_private=True)
    watch(user, anime)
    entry_set(user=user, anime_id=anime.pk, is_private=False)
    assert not FeedItem.objects.exists()
    watch(user, anime)
    assert read(user) == [("watched", 2, 2, None)]
    entry_set(user=user, anime_id=anime.pk, is_private=True)
    assert read(user) == []
    entry_set(user=user, anime_id=anime.pk, is_private=False)
    assert read(user) == [("watched", 2, 2, None)]


def test_bulk_edits_hide_what_they_make_private_or_remove(user: User, anime: Anime) -> None:
    watch(user, anime)
    done = entries_change(user=user, anime_ids=[anime.pk], source="site", is_private=True)
    assert read(user) == []
    batch_undo(user=user, batch=done.batch)
    assert len(read(user)) == 1
    done = entries_change(user=user, anime_ids=[anime.pk], source="site", is_removal=True)
    assert read(user) == []
    batch_undo(user=user, batch=done.batch)
    assert len(read(user)) == 1


def test_what_was_removed_from_the_list_stays_untold_when_it_comes_back(user: User, anime: Anime) -> None:
    watch(user, anime, 3)
    removal = entry_remove(user=user, anime_id=anime.pk)
    assert read(user) == []
    entry_set(user=user, anime_id=anime.pk, status="planned")
    assert read(user) == [("planned", None, None, None)]
    assert FeedItem.objects.count() == 2
    assert removal is not None


def test_an_undone_removal_tells_again(user: User, anime: Anime) -> None:
    watch(user, anime, 3)
    removal = entry_remove(user=user, anime_id=anime.pk)
    assert removal is not None
    activity_undo(user=user, activity_id=removal.pk)
    assert read(user) == [("watched", 1, 3, None)]


def test_many_at_once_are_no_flood(user: User) -> None:
    found = AnimeFactory.create_batch(5)
    with CaptureQueriesContext(connection) as queries:
        entries_change(user=user, anime_ids=[one.pk for one in found], source="site", status="planned")
    assert not [one for one in queries.captured_queries if "social_feeditem" in one["sql"]]
    assert not FeedItem.objects.exists()


def test_a_forgotten_history_is_told_no_more(user: User, anime: Anime) -> None:
    watch(user, anime)
    collection_create(actor=user, title="Mine", visibility="public")
    activities_clear(user=user)
    assert [row[0] for row in read(user)] == ["collected"]


def test_collections_are_told_once_and_only_while_public(user: User) -> None:
    shelf = collection_create(actor=user, title="Mine")
    assert read(user) == []
    collection_update(actor=user, collection=shelf, visibility="public")
    line = FeedItem.objects.get()
    collection_update(actor=user, collection=shelf, visibility="unlisted")
    assert read(user) == []
    collection_update(actor=user, collection=shelf, visibility="public", title="Ours")
    collection_update(actor=user, collection=shelf, title="Theirs")
    assert FeedItem.objects.get() == line
    assert len(read(user)) == 1
    collection_delete(actor=user, collection=shelf)
    assert not FeedItem.objects.exists()


def test_own_lines_go_and_come_back(user: User, anime: Anime) -> None:
    watch(user, anime)
    line = FeedItem.objects.get()
    with pytest.raises(NotFound):
        feed.lines_hide(actor=UserFactory.create(), line_ids=[line.pk])
    with pytest.raises(NotFound):
        feed.lines_hide(actor=user, line_ids=[])
    with pytest.raises(NotFound):
        feed.lines_hide(actor=user, line_ids=[line.pk, user.pk])
    assert len(read(user)) == 1
    feed.lines_hide(actor=user, line_ids=[line.pk])
    assert read(user) == []
    watch(user, anime)  # of the same sitting: what was removed does not come back by itself
    assert read(user) == []
    feed.lines_restore(actor=user, line_ids=[line.pk])
    assert read(user) == [("watched", 1, 2, None)]


def test_old_lines_go(user: User, anime: Anime) -> None:
    with clock.travel(timezone.now() - timedelta(days=181)):
        watch(user, anime)
    watch(user, anime)
    assert feed.feed_trim() == 1
    assert FeedItem.objects.get().first_episode == 2


def test_a_line_grows_within_bounds(user: User, anime: Anime) -> None:
    entry_set(user=user, anime_id=anime.pk, status="planned")
    for number in range(PARTS_LIMIT + 5):
        entry_set(user=user, anime_id=anime.pk, score=1 + number % 90)
    assert sorted(len(row.parts) for row in FeedItem.objects.all()) == [6, PARTS_LIMIT]


def test_lines_follow_two_anime_that_become_one(user: User, anime: Anime) -> None:
    other = AnimeFactory.create()
    watch(user, other)
    anime_merge(actor=None, keep=anime, duplicate=other)
    assert FeedItem.objects.get().anime_id == anime.pk


def test_a_change_costs_two_queries_at_most(user: User, anime: Anime) -> None:
    for _time in range(3):
        with CaptureQueriesContext(connection) as queries:
            watch(user, anime)
        asked = [one for one in queries.captured_queries if "social_feeditem" in one["sql"]]
        assert len(asked) <= 2


def _model(user: User) -> list[tuple[Any, ...]]:
    """What the feed has to say, from what the history of the list says now."""
    found = []
    hidden = set(ListEntry.objects.filter(user=user, is_private=True).values_list("anime_id", flat=True))
    rows = list(ListActivity.objects.filter(user=user, undone_at=None).order_by("created_at"))
    for anime_id in {row.anime_id for row in rows} - hidden:
        parts: list[Part] = []
        for row in (row for row in rows if row.anime_id == anime_id):
            if row.kind == ActivityKind.REMOVED:
                parts = []
            elif row.was_public and row.batch is None and row.source != ChangeSource.IMPORT:
                is_new = row.changes.get("status", [""])[0] is None
                changes = {name: (pair[0], pair[1]) for name, pair in row.changes.items()}
                part = part_of(changes, activity_id=row.pk, at=row.created_at, is_new=is_new)
                parts += [part] if part else []
        for line in sittings_of(parts):
            told = parts_told(line)
            if not (told.verb == "rated" and told.score is None):
                said = (told.verb, told.first_episode, told.last_episode, told.score)
                found.append((anime_id, line[-1].at, *said))
    return sorted(found)


@pytest.mark.parametrize("seed", range(12))
def test_any_walk_leaves_what_the_history_says(user: User, seed: int) -> None:
    rng, titles = random.Random(seed), AnimeFactory.create_batch(2, episode_count=6)

    def step() -> None:
        anime_id = rng.choice(titles).pk
        match rng.randrange(10):
            case 0 | 1 | 2:
                episode_next(user=user, anime_id=anime_id)
            case 3:
                status = rng.choice(["planned", "watching", "completed", "dropped", "on_hold", "rewatching"])
                entry_set(user=user, anime_id=anime_id, status=status)
            case 4:
                entry_set(user=user, anime_id=anime_id, score=rng.choice([None, 40, 90]))
            case 5:
                entry_set(user=user, anime_id=anime_id, episodes_watched=rng.randrange(6))
            case 6:
                is_bulk, private = rng.random() < 0.3, rng.random() < 0.5
                if is_bulk:
                    entries_change(user=user, anime_ids=[anime_id], source="site", is_private=private)
                else:
                    entry_set(user=user, anime_id=anime_id, is_private=private)
            case 7:
                entry_remove(user=user, anime_id=anime_id) if rng.random() < 0.4 else None
            case _:
                rows = ListActivity.objects.filter(user=user, undone_at=None).order_by("-created_at")[:4]
                row = rng.choice(rows) if rows else None
                if row is not None:
                    activity_undo(user=user, activity_id=row.pk)

    with clock.travel(START, tick=False) as now:
        for _number in range(60):
            now.shift(timedelta(minutes=rng.choice([1, 20, 100, 200])))
            try:
                step()
            except DomainError:
                continue  # nothing left to watch, changed since: as a person meets it
            rows = FeedItem.objects.told_to(user, friend_ids=()).filter(user=user)
            columns = ("anime_id", "updated_at", "verb", "first_episode", "last_episode", "score")
            assert sorted(rows.values_list(*columns)) == _model(user)
