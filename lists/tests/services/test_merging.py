"""What happens to lists and all that hangs on them when two anime become one."""

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from catalog.facade import anime_merge, rating_of
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory, UserFactory
from lists.models import (
    AnimeNeighbour,
    Collection,
    CollectionGroup,
    CollectionItem,
    ListActivity,
    ListEntry,
    ListImport,
    ListImportRow,
    ScrobbleEndpoint,
    ScrobbleReceipt,
    ScrobbleRule,
    WatchedEpisode,
    WatchProgress,
)
from lists.services import entry_set, episode_next
from lists.services.states import EntryState
from lists.services.stored_states import states_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Anime, Anime]:
    """The anime that stays, and its duplicate."""
    return AnimeFactory.create(), AnimeFactory.create()


def merge(pair: tuple[Anime, Anime]) -> None:
    anime_merge(actor=None, keep=pair[0], duplicate=pair[1])
    for model in apps.get_app_config("lists").get_models():
        for field in model._meta.fields:
            if field.related_model is Anime:
                left = model._base_manager.filter(**{field.name: pair[1]})
                assert not left.exists(), f"{model.__name__}.{field.name} still names the duplicate"


def place(user: Any, anime: Anime, number: int, position: int, hours_ago: int) -> WatchProgress:
    return WatchProgress.objects.create(
        user=user,
        anime=anime,
        episode_number=number,
        position=position,
        updated_at=timezone.now() - datetime.timedelta(hours=hours_ago),
    )


def test_entries_move_and_nobody_has_two(pair: tuple[Anime, Anime]) -> None:
    keep, duplicate = pair
    both, one = UserFactory(), UserFactory()
    ListEntry.objects.create(user=both, anime=keep, status="watching")
    ListEntry.objects.create(user=both, anime=duplicate, status="dropped")
    ListEntry.objects.create(user=one, anime=duplicate, status="completed")
    merge(pair)
    assert set(ListEntry.objects.values_list("user_id", "anime_id", "status")) == {
        (both.pk, keep.pk, "watching"),
        (one.pk, keep.pk, "completed"),
    }


@pytest.mark.parametrize("far", [0, 1])
def test_of_two_entries_the_farther_stays_with_all_that_was_given(pair: tuple[Anime, Anime], far: int) -> None:
    user, (keep, _) = UserFactory(), pair
    entry_set(
        user=user,
        anime_id=pair[far].pk,
        status="completed",
        started_on="2024-05-02",
        tags=["a", "b"],
        notes="far",
        score=70,
    )
    entry_set(
        user=user,
        anime_id=pair[1 - far].pk,
        status="planned",
        episodes_watched=3,
        rewatch_count=0,
        started_on="2023",
        finished_on="2025",
        tags=["b", "c"],
        notes="near",
        is_private=True,
        is_favourite=True,
    )
    ListEntry.objects.filter(anime=pair[far]).update(extras={"mal": {"x": 1}})
    ListEntry.objects.filter(anime=pair[1 - far]).update(extras={"anilist": {"y": 2}})
    oldest = min(ListEntry.objects.values_list("created_at", flat=True))
    merge(pair)
    entry = ListEntry.objects.get()
    state = states_of(user, [entry])[keep.pk]
    assert state == EntryState(
        status="completed",
        score=70,
        episodes_watched=12,
        started_on="2023",
        finished_on=timezone.localdate().isoformat(),
        notes="\n\n".join(["far", "near"] if far == 0 else ["near", "far"]),
        is_private=True,
        is_favourite=True,
        tags=("a", "b", "c"),
    )
    assert entry.extras == {"mal": {"x": 1}, "anilist": {"y": 2}}
    assert entry.created_at == oldest
    assert rating_of(user, keep.pk) == 70


def test_a_rewatch_keeps_its_own_count(pair: tuple[Anime, Anime]) -> None:
    user = UserFactory()
    ListEntry.objects.create(user=user, anime=pair[0], status="completed", episodes_watched=12)
    ListEntry.objects.create(user=user, anime=pair[1], status="rewatching", episodes_watched=2, rewatch_count=3)
    merge(pair)
    entry = ListEntry.objects.get()
    assert (entry.status, entry.episodes_watched, entry.rewatch_count) == ("rewatching", 2, 3)


def test_of_two_places_in_one_episode_the_newer_stays(pair: tuple[Anime, Anime]) -> None:
    (keep, duplicate), user = pair, UserFactory()
    place(user, keep, 1, 100, hours_ago=5)
    place(user, duplicate, 1, 200, hours_ago=1)
    place(user, keep, 2, 300, hours_ago=1)
    place(user, duplicate, 2, 400, hours_ago=5)
    place(user, duplicate, 3, 500, hours_ago=9)
    merge(pair)
    rows = WatchProgress.objects.filter(user=user, anime=keep).order_by("episode_number")
    assert list(rows.values_list("episode_number", "position")) == [(1, 200), (2, 300), (3, 500)]
    assert WatchProgress.objects.count() == 3


def test_history_and_sightings_move(pair: tuple[Anime, Anime]) -> None:
    user = UserFactory()
    for anime in (*pair, pair[1]):
        episode_next(user=user, anime_id=anime.pk)
    WatchedEpisode.objects.filter(anime=pair[0]).update(undone_at=timezone.now())
    merge(pair)
    assert ListActivity.objects.filter(anime=pair[0]).count() == 3
    seen = WatchedEpisode.objects.order_by("episode_number")
    assert [(row.episode_number, row.undone_at) for row in seen] == [(1, None), (2, None)]
    assert ListEntry.objects.get().episodes_watched == 2


def test_collections_keep_one_item_with_its_note_and_group(pair: tuple[Anime, Anime]) -> None:
    both, one = (Collection.objects.create(owner=UserFactory(), title="c") for _ in range(2))
    group = CollectionGroup.objects.create(collection=both, name="S")
    kept = CollectionItem.objects.create(collection=both, anime=pair[0], shikimori_id=1)
    CollectionItem.objects.create(collection=both, anime=pair[1], shikimori_id=2, note="why", group=group)
    moved = CollectionItem.objects.create(collection=one, anime=pair[1], shikimori_id=2)
    merge(pair)
    assert set(CollectionItem.objects.values_list("pk", "anime", "note", "group")) == {
        (kept.pk, pair[0].pk, "why", group.pk),
        (moved.pk, pair[0].pk, "", None),
    }


def test_imports_receipts_and_neighbours_move(pair: tuple[Anime, Anime]) -> None:
    keep, duplicate = pair
    user, other, third = UserFactory(), AnimeFactory.create(), AnimeFactory.create()
    ListImportRow.objects.create(
        list_import=ListImport.objects.create(user=user), position=1, outcome="new", anime=duplicate
    )
    endpoint = ScrobbleEndpoint.objects.create(user=user, server="plex")
    ScrobbleReceipt.objects.create(endpoint=endpoint, anime=duplicate, outcome="counted")
    ScrobbleRule.objects.create(user=user, server="plex", key="k", title="Said", anime=duplicate)
    for one, near in (
        (keep, other), (duplicate, other), (duplicate, third), (duplicate, keep), (keep, duplicate),
        (other, keep), (other, duplicate), (third, duplicate),
    ):  # fmt: skip
        AnimeNeighbour.objects.create(anime=one, neighbour=near, similarity=0.5)
    merge(pair)
    assert ListImportRow.objects.get().anime_id == ScrobbleReceipt.objects.get().anime_id == keep.pk
    assert ScrobbleRule.objects.get().anime_id == keep.pk
    near = {(row.anime_id, row.neighbour_id) for row in AnimeNeighbour.objects.all()}
    assert near == {(keep.pk, other.pk), (keep.pk, third.pk), (other.pk, keep.pk), (third.pk, keep.pk)}
