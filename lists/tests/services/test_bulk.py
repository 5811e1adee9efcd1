"""Many entries at once, and back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.facade import anime_merge, ratings_of
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory, UserFactory
from core.errors import NotFound, ValidationFailed
from lists.errors import AlreadyUndone
from lists.models import ListActivity, ListEntry
from lists.services import batch_undo, entries_change, entry_set, episode_next
from lists.services.stored_states import states_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def listed(user: User) -> list[Anime]:
    anime = AnimeFactory.create_batch(4)
    for one in anime:
        entry_set(user=user, anime_id=one.pk, status="watching", score=50, tags=["old"])
    return anime


def all_of(user: User) -> dict:
    return states_of(user, ListEntry.objects.filter(user=user))


def test_status_score_tags_and_back(user: User, listed: list[Anime]) -> None:
    before = all_of(user)
    done = entries_change(
        user=user,
        anime_ids=[one.pk for one in listed],
        source="site",
        status="completed",
        score=90,
        is_private=True,
        add_tags=["new"],
        remove_tags=["old"],
    )
    assert (done.changed, done.unchanged, done.refused) == (4, 0, {})
    for state in all_of(user).values():
        assert (state.status, state.score, state.tags, state.is_private) == ("completed", 90, ("new",), True)
        assert (state.episodes_watched, bool(state.finished_on)) == (12, True)
    assert set(ListActivity.objects.filter(batch=done.batch).values_list("kind", flat=True)) == {"changed"}
    undone = batch_undo(user=user, batch=done.batch)
    assert (undone.undone, undone.left) == (4, 0)
    assert all_of(user) == before
    with pytest.raises(AlreadyUndone):
        batch_undo(user=user, batch=done.batch)


def test_removal_and_back(user: User, listed: list[Anime]) -> None:
    before, rows = all_of(user), set(ListEntry.objects.values_list("anime_id", "created_at"))
    stranger = AnimeFactory.create()
    done = entries_change(
        user=user, anime_ids=[*(one.pk for one in listed), stranger.pk, 10**9], source="site", is_removal=True
    )
    assert (done.changed, done.unchanged, done.refused) == (4, 1, {10**9: "not_found"})
    assert not ListEntry.objects.exists()
    assert ratings_of(user, before.keys()) == {}
    entry_set(user=user, anime_id=listed[0].pk, score=1)
    undone = batch_undo(user=user, batch=done.batch)
    assert (undone.undone, undone.left) == (3, 1)
    after = all_of(user)
    assert after.pop(listed[0].pk).score == 1
    assert after == {key: state for key, state in before.items() if key != listed[0].pk}
    assert len(rows & set(ListEntry.objects.values_list("anime_id", "created_at"))) == 3


def test_who_cannot_have_it_is_named(user: User, listed: list[Anime]) -> None:
    new, hidden, short = AnimeFactory.create(), AnimeFactory.create(hidden=True), AnimeFactory.create(episode_count=3)
    merged = AnimeFactory.create()
    anime_merge(actor=None, keep=listed[0], duplicate=merged)
    ids = [merged.pk, new.pk, hidden.pk, 10**9]
    done = entries_change(user=user, anime_ids=ids, source="site", is_favourite=True)
    assert (done.changed, done.unchanged) == (1, 0)
    assert done.refused == {new.pk: "not_on_list", hidden.pk: "not_found", 10**9: "not_found"}
    done = entries_change(user=user, anime_ids=[new.pk, short.pk], source="site", status="watching", episodes_watched=5)
    assert (done.changed, done.refused) == (1, {short.pk: "validation_failed"})
    assert set(all_of(user)) == {one.pk for one in listed} | {new.pk}
    assert batch_undo(user=user, batch=done.batch).undone == 1
    assert set(all_of(user)) == {one.pk for one in listed}


def test_bad_values_are_refused_before_anything(user: User, listed: list[Anime]) -> None:
    before = all_of(user)
    for wrong in ({"score": 101}, {"status": "seen"}, {"add_tags": ["x" * 51]}, {"is_staff": True}):
        with pytest.raises(ValidationFailed) as caught:
            entries_change(user=user, anime_ids=[listed[0].pk], source="site", **wrong)
        assert list(caught.value.extra["fields"]) == list(wrong)
    assert all_of(user) == before


def test_an_entry_that_went_on_stays(user: User, listed: list[Anime]) -> None:
    done = entries_change(user=user, anime_ids=[one.pk for one in listed], source="site", status="on_hold")
    episode_next(user=user, anime_id=listed[0].pk)
    undone = batch_undo(user=user, batch=done.batch)
    assert (undone.undone, undone.left) == (3, 1)
    assert all_of(user)[listed[0].pk].episodes_watched == 1


def test_batches_of_others_and_of_imports_are_not_found(user: User, listed: list[Anime]) -> None:
    done = entries_change(user=user, anime_ids=[listed[0].pk], source="site", score=1)
    with pytest.raises(NotFound):
        batch_undo(user=UserFactory.create(), batch=done.batch)
    ListActivity.objects.filter(batch=done.batch).update(source="import")
    with pytest.raises(NotFound):
        batch_undo(user=user, batch=done.batch)


def test_more_entries_take_no_more_statements(user: User) -> None:
    anime = AnimeFactory.create_batch(12)
    counts = []
    for part in (anime[:4], anime[4:]):
        with CaptureQueriesContext(connection) as asked:
            done = entries_change(
                user=user, anime_ids=[a.pk for a in part], source="site", status="planned", score=3, add_tags=["x"]
            )
        with CaptureQueriesContext(connection) as back:
            batch_undo(user=user, batch=done.batch)
        counts.append((len(asked), len(back)))
    assert counts[0] == counts[1]
