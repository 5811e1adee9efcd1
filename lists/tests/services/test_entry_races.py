"""Several devices change one list at the same moment: nothing is lost, nothing counts twice (SQLite and PostgreSQL)."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import transaction

from accounts.models import User
from catalog.facade import rating_of
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory, UserFactory
from lists.models import EntryTag, ListActivity, ListEntry, WatchedEpisode
from lists.services import (
    activity_undo,
    batch_undo,
    entries_change,
    entry_remove,
    entry_set,
    episode_next,
    episode_watched,
    progress_clear,
    progress_import,
)
from lists.services.states import EntryState
from lists.services.stored_states import entries_take, states_of
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory.create(episode_count=24)


def state_of(user: User, anime: Anime) -> EntryState:
    return states_of(user, [ListEntry.objects.get(user=user, anime=anime)])[anime.pk]


def assert_history_adds_up(user: User, anime: Anime) -> None:
    """Every line of history begins where another ended: no change was overwritten unseen."""
    state: dict[str, object] = {}
    for activity in ListActivity.objects.filter(user=user, anime=anime).order_by("created_at", "pk"):
        for name, (then, now) in activity.changes.items():
            assert state.get(name, then) == then, (name, activity.changes)
            state[name] = now
    said = state_of(user, anime).as_json()
    assert {name: said[name] for name in state} == state


@pytest.mark.parametrize("is_listed", [True, False])
def test_two_devices_press_at_once_and_both_count(user: User, anime: Anime, is_listed: bool) -> None:
    if is_listed:
        entry_set(user=user, anime_id=anime.pk)
    assert at_once([lambda: episode_next(user=user, anime_id=anime.pk)] * 6) == {"done": 6}
    assert state_of(user, anime).episodes_watched == 6
    assert sorted(WatchedEpisode.objects.values_list("episode_number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert ListEntry.objects.count() == 1


def test_the_same_meant_episode_counts_once(user: User, anime: Anime) -> None:
    assert at_once([lambda: episode_next(user=user, anime_id=anime.pk, expected=1)] * 6) == {"done": 6}
    assert state_of(user, anime).episodes_watched == 1
    assert ListActivity.objects.count() == 1


def test_a_player_and_a_media_server_count_one_episode_once(user: User, anime: Anime) -> None:
    def seen(source: str) -> Callable[[], object]:
        return lambda: episode_watched(user=user, anime_id=anime.pk, episode_number=1, source=source)

    assert at_once([seen("player"), seen("scrobble")] * 3) == {"done": 6}
    assert state_of(user, anime).episodes_watched == WatchedEpisode.objects.count() == ListActivity.objects.count() == 1


def test_a_press_and_an_edit_lose_nothing_of_each_other(user: User, anime: Anime) -> None:
    entry_set(user=user, anime_id=anime.pk, status="watching")
    for number in range(1, ROUNDS + 1):
        ends = at_once(
            [
                lambda: episode_next(user=user, anime_id=anime.pk),
                lambda n=number: entry_set(user=user, anime_id=anime.pk, score=n, tags=[f"t{n}"]),  # type: ignore[misc]
                lambda n=number: entry_set(user=user, anime_id=anime.pk, notes=f"n{n}"),  # type: ignore[misc]
            ]
        )
        assert ends == {"done": 3}
        found = state_of(user, anime)
        assert (found.episodes_watched, found.score, found.tags) == (number, number, (f"t{number}",))
        assert found.notes == f"n{number}"
        assert_history_adds_up(user, anime)


def test_added_twice_at_once_is_one_entry_with_both(user: User) -> None:
    for _ in range(ROUNDS):
        anime = AnimeFactory.create()
        ends = at_once(
            [
                lambda a=anime: entry_set(user=user, anime_id=a.pk, score=70),  # type: ignore[misc]
                lambda a=anime: entry_set(user=user, anime_id=a.pk, tags=["x"]),  # type: ignore[misc]
                lambda a=anime: entry_set(user=user, anime_id=a.pk, notes="n"),  # type: ignore[misc]
            ]
        )
        assert ends == {"done": 3}
        found = state_of(user, anime)
        assert (found.score, found.tags, found.notes) == (70, ("x",), "n")
        kinds = Counter(ListActivity.objects.filter(anime=anime).values_list("kind", flat=True))
        assert kinds == {"added": 1, "changed": 2}


def test_undone_twice_at_once_is_undone_once(user: User, anime: Anime) -> None:
    entry_set(user=user, anime_id=anime.pk, status="watching")
    activity = episode_next(user=user, anime_id=anime.pk).activity
    assert activity is not None
    ends = at_once([lambda: activity_undo(user=user, activity_id=activity.pk)] * 4)
    assert ends == {"done": 1, "already_undone": 3}
    assert state_of(user, anime).episodes_watched == 0


def test_a_removal_undone_while_it_is_added_again(user: User) -> None:
    for _ in range(ROUNDS):
        anime = AnimeFactory.create()
        entry_set(user=user, anime_id=anime.pk, score=10)
        removal = entry_remove(user=user, anime_id=anime.pk)
        assert removal is not None
        ends = at_once(
            [
                lambda r=removal: activity_undo(user=user, activity_id=r.pk),  # type: ignore[misc]
                lambda a=anime: entry_set(user=user, anime_id=a.pk, notes="new"),  # type: ignore[misc]
            ]
        )
        assert ends["done"] + ends["changed_since"] == 2
        assert state_of(user, anime).score == (10 if ends["done"] == 2 else None)
        assert state_of(user, anime).notes == "new"


def test_many_at_once_against_a_press(user: User) -> None:
    listed = AnimeFactory.create_batch(5, episode_count=24)
    for anime in listed:
        entry_set(user=user, anime_id=anime.pk, status="watching")
    ids = [anime.pk for anime in listed]
    for number in range(1, ROUNDS + 1):
        done: list[object] = []
        ends = at_once(
            [
                lambda: episode_next(user=user, anime_id=ids[0]),
                lambda n=number, done=done: done.append(  # type: ignore[misc]
                    entries_change(user=user, anime_ids=ids, source="site", score=n, add_tags=[f"t{n}"]).batch
                ),
                lambda n=number: entries_change(  # type: ignore[misc]
                    user=user, anime_ids=ids[::-1], source="site", is_favourite=bool(n % 2)
                ),
            ]
        )
        assert ends == {"done": 3}
        found = state_of(user, listed[0])
        assert (found.episodes_watched, found.score, len(found.tags)) == (number, number, number)
        assert all(state_of(user, anime).is_favourite is bool(number % 2) for anime in listed)
        assert_history_adds_up(user, listed[0])
    assert at_once([lambda: batch_undo(user=user, batch=done[0])] * 3) == {"done": 1, "already_undone": 2}


def test_many_added_at_once_by_two_are_one_entry_each(user: User) -> None:
    ids = [anime.pk for anime in AnimeFactory.create_batch(6)]
    ends = at_once(
        [
            lambda: entries_change(user=user, anime_ids=ids, source="site", status="on_hold", add_tags=["a"]),
            lambda: entries_change(user=user, anime_ids=ids[::-1], source="site", status="on_hold", add_tags=["b"]),
            lambda: entry_set(user=user, anime_id=ids[3], notes="n"),
        ]
    )
    assert ends == {"done": 3}
    assert ListEntry.objects.count() == 6
    assert EntryTag.objects.count() == 12
    assert ListEntry.objects.get(anime=ids[3]).notes == "n"
    assert rating_of(user, ids[0]) is None


class TestComingAndGoing:
    """What adds an entry meets what removes it, over and over: each call ends in a word of ours."""

    def test_adding_and_removing_one_entry(self, user: User, anime: Anime) -> None:
        for _round in range(4):
            calls: list[Callable[[], object]] = []
            for turn in range(4):
                calls += [
                    lambda: entry_remove(user=user, anime_id=anime.pk),
                    lambda turn=turn: entry_set(user=user, anime_id=anime.pk, score=10 * turn),
                    lambda: episode_next(user=user, anime_id=anime.pk),
                    lambda turn=turn: episode_watched(
                        user=user, anime_id=anime.pk, episode_number=turn + 1, source="player"
                    ),
                ]
            ends = at_once(calls)
            assert ends["done"] == len(calls), ends

    def test_bulk_edits_bulk_removals_and_imports_of_progress_wait_for_each_other(self, user: User) -> None:
        ids = [AnimeFactory.create(episode_count=12).pk for _ in range(40)]
        entries = [
            {
                "anime_id": key,
                "episode_num": 1,
                "timecode": 1_400,
                "duration": 1_440,
                "updated_at": "2026-01-01T00:00:00Z",
            }
            for key in ids
        ]

        def change(keys: list[int], is_removal: bool) -> Callable[[], object]:
            wanted = {} if is_removal else {"status": "watching"}
            return lambda: entries_change(user=user, anime_ids=keys, source="site", is_removal=is_removal, **wanted)

        calls = [
            change(ids, is_removal=False),
            change(ids[::-1], is_removal=True),
            lambda: progress_import(user=user, rows=entries),
            lambda: progress_import(user=user, rows=entries[::-1]),
            lambda: progress_clear(user=user),
            change(ids[10:], is_removal=False),
        ]
        for _round in range(ROUNDS):
            assert at_once(calls) == {"done": len(calls)}

    def test_entries_that_go_while_many_are_taken_are_made_again(self, user: User) -> None:
        """The removal has happened and is not committed yet when the others look which entries are there."""
        gone, other = AnimeFactory.create(), AnimeFactory.create()
        for key in (gone.pk, other.pk):
            entry_set(user=user, anime_id=key, score=50)
        removed, taken = threading.Event(), threading.Event()

        def remove() -> None:
            with transaction.atomic():
                entry_remove(user=user, anime_id=gone.pk)
                removed.set()
                taken.wait(0.5)

        def take() -> None:
            removed.wait(5)
            with transaction.atomic():
                found = entries_take(user, [gone.pk, other.pk], creates=True)
            assert {key: state is None for key, (_entry, state) in found.items()} == {gone.pk: True, other.pk: False}
            taken.set()

        assert at_once([remove, take]) == {"done": 2}
