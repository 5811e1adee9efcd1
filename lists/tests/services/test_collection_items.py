"""What is in a collection: adding, places, groups, tiers."""

import random
import uuid

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.errors import NotFound, ValidationFailed
from lists.errors import TooManyGroups, TooManyItems
from lists.models import Collection, CollectionGroup, CollectionItem
from lists.services import collection_groups, collection_items
from lists.services.collection_drafts import picture_address
from lists.services.collection_groups import group_create, group_delete, group_move, group_update
from lists.services.collection_items import (
    ItemDraft,
    item_move,
    item_remove,
    item_update,
    items_add,
    positions_close,
)
from lists.tests.collections import collection_of, order_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return UserFactory.create()


def item(collection: Collection, title: str) -> CollectionItem:
    return CollectionItem.objects.get(collection=collection, anime_title=title)


def test_an_anime_is_in_it_once_by_whatever_name(owner: User) -> None:
    found = collection_of(owner)
    anime = AnimeFactory.create(document=True, mal_id=5, title="Ours")
    drafts = [ItemDraft(shikimori_id=5, title="Theirs"), ItemDraft(anime_id=anime.pk), ItemDraft(shikimori_id=5)]
    added = items_add(actor=owner, collection=found, drafts=drafts)
    assert (len(added.items), added.skipped) == (1, 2)
    assert items_add(actor=owner, collection=found, drafts=drafts).skipped == 3
    row = CollectionItem.objects.get()
    assert (row.shikimori_id, row.anime_id, row.anime_title) == (5, anime.pk, "Ours")


def test_an_anime_without_a_shikimori_id_is_added_by_ours(owner: User) -> None:
    found, anime = collection_of(owner), AnimeFactory.create(document=True)
    items_add(actor=owner, collection=found, drafts=[ItemDraft(anime_id=anime.pk)] * 2)
    row = CollectionItem.objects.get()
    assert (row.shikimori_id, row.anime_id) == (None, anime.pk)


@pytest.mark.parametrize(
    "draft",
    [
        ItemDraft(),
        ItemDraft(anime_id=1, shikimori_id=1),
        ItemDraft(anime_id=999_999),
        ItemDraft(shikimori_id=-1),
        ItemDraft(shikimori_id=2**40),
        ItemDraft(shikimori_id=1, note="x" * 501),
        ItemDraft(shikimori_id=1, title="x" * 501),
    ],
)
def test_a_bad_draft_adds_nothing(owner: User, draft: ItemDraft) -> None:
    found = collection_of(owner)
    with pytest.raises(ValidationFailed):
        items_add(actor=owner, collection=found, drafts=[ItemDraft(shikimori_id=7), draft])
    assert not CollectionItem.objects.exists()


def test_an_anime_that_was_taken_down_is_not_added_by_ours(owner: User) -> None:
    found, anime = collection_of(owner), AnimeFactory.create(document=True, hidden=True)
    with pytest.raises(ValidationFailed):
        items_add(actor=owner, collection=found, drafts=[ItemDraft(anime_id=anime.pk)])


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("https://example.org/a.jpg", True),
        ("/media/images/poster/ab/abc-300.webp", True),
        ("http://example.org/a.jpg", False),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)//https://", False),
        ("data:image/svg+xml,<svg onload=alert(1)>", False),
        ("//example.org/a.jpg", False),
        ("/media/../settings", False),
        ("/admin/logout", False),
        ("https://user:secret@example.org/a.jpg", False),
        ('https://example.org/"onerror="alert(1)', False),
        ("https://", False),
        ("https://[::1", False),
        ("https://example.org/" + "a" * 500, False),
    ],
)
def test_which_pictures_are_kept(raw: str, kept: bool) -> None:
    assert picture_address(raw) == (raw if kept else "")


def test_a_collection_has_so_many(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection_items, "ITEMS_LIMIT", 3)
    found = collection_of(owner, items=2)
    with pytest.raises(TooManyItems):
        items_add(actor=owner, collection=found, drafts=[ItemDraft(shikimori_id=n) for n in (1, 2)])
    assert len(order_of(found)) == 2
    with pytest.raises(ValidationFailed):
        items_add(actor=owner, collection=found, drafts=[ItemDraft(shikimori_id=1)] * 501)


def test_places_stay_dense_whatever_happens(owner: User) -> None:
    found = collection_of(owner, items=9)
    groups = [None, *(group_create(actor=owner, collection=found, name=str(n)).pk for n in range(2))]
    dice = random.Random(7)
    for _ in range(40):
        row = dice.choice(list(CollectionItem.objects.filter(collection=found)))
        where = dice.choice(groups)
        item_move(actor=owner, item=row, group_id=where, index=dice.randrange(6))
        order_of(found)
        mates = list(CollectionItem.objects.filter(collection=found, group=where).order_by("position"))
        assert row in mates
    item_remove(actor=owner, item=CollectionItem.objects.filter(collection=found, position=3).get())
    assert len(order_of(found)) == 8


def test_an_item_goes_where_it_is_put(owner: User) -> None:
    found = collection_of(owner, items=4)
    item_update(actor=owner, item=item(found, "Title 0"), position=2)
    assert order_of(found) == ["Title 1", "Title 2", "Title 0", "Title 3"]
    item_update(actor=owner, item=item(found, "Title 3"), position=0)
    assert order_of(found) == ["Title 3", "Title 1", "Title 2", "Title 0"]
    item_update(actor=owner, item=item(found, "Title 3"), position=99)
    assert order_of(found)[-1] == "Title 3"
    tier = group_create(actor=owner, collection=found, name="S")
    for title, index in (("Title 0", 0), ("Title 1", 0), ("Title 2", 1)):
        item_move(actor=owner, item=item(found, title), group_id=tier.pk, index=index)
    inside = CollectionItem.objects.filter(group=tier).order_by("position")
    assert [row.anime_title for row in inside] == ["Title 1", "Title 2", "Title 0"]


def test_holes_are_closed(owner: User) -> None:
    found = collection_of(owner, items=4)
    CollectionItem.objects.filter(collection=found, position=1).update(position=7)
    positions_close(found.pk)
    assert order_of(found) == ["Title 0", "Title 2", "Title 3", "Title 1"]


def test_what_belongs_to_another_collection_is_refused(owner: User) -> None:
    mine, other = collection_of(owner, items=1), collection_of(owner)
    foreign = group_create(actor=owner, collection=other, name="Elsewhere")
    row = item(mine, "Title 0")
    for group_id in (foreign.pk, uuid.uuid4()):
        with pytest.raises(ValidationFailed):
            item_update(actor=owner, item=row, group_id=group_id)
        with pytest.raises(ValidationFailed):
            items_add(actor=owner, collection=mine, drafts=[ItemDraft(shikimori_id=3)], group_id=group_id)
    for bad in ({"position": -1}, {"index": True}, {"note": "x" * 501}, {"collection": other.pk}):
        with pytest.raises(ValidationFailed):
            item_update(actor=owner, item=row, **bad)
    assert CollectionItem.objects.values_list("group", "position", "note").get() == (None, 0, "")


def test_a_stranger_changes_nothing(owner: User) -> None:
    found, stranger = collection_of(owner, items=1), UserFactory.create()
    group = group_create(actor=owner, collection=found, name="S")
    row = item(found, "Title 0")
    for change in (
        lambda: items_add(actor=stranger, collection=found, drafts=[ItemDraft(shikimori_id=3)]),
        lambda: item_update(actor=stranger, item=row, note="x"),
        lambda: item_remove(actor=stranger, item=row),
        lambda: group_create(actor=stranger, collection=found, name="x"),
        lambda: group_update(actor=stranger, group=group, name="x"),
        lambda: group_move(actor=stranger, group=group, index=0),
        lambda: group_delete(actor=stranger, group=group),
    ):
        with pytest.raises(NotFound):
            change()
    assert order_of(found) == ["Title 0"]
    assert CollectionGroup.objects.get().name == "S"


def test_a_tier_has_at_most_four_characters_and_none_clears_it(owner: User) -> None:
    found = collection_of(owner)
    with pytest.raises(ValidationFailed):
        group_create(actor=owner, collection=found, name="Top", tier_label="SSSSS")
    group = group_create(actor=owner, collection=found, name="Top", tier_label="SSSS")
    assert group_update(actor=owner, group=group, name="New").tier_label == "SSSS"
    for empty in (None, ""):
        group_update(actor=owner, group=group, tier_label="A+")
        assert group_update(actor=owner, group=group, tier_label=empty).tier_label is None


def test_groups_are_moved_and_their_items_outlive_them(owner: User) -> None:
    found = collection_of(owner, items=2)
    groups = [group_create(actor=owner, collection=found, name=name) for name in "abc"]
    group_move(actor=owner, group=groups[2], index=0)
    rows = CollectionGroup.objects.filter(collection=found).order_by("sort_order")
    assert [(row.name, row.sort_order) for row in rows] == [("c", 0), ("a", 1), ("b", 2)]
    group_update(actor=owner, group=groups[0], sort_order=50)
    assert [row.name for row in rows.all()] == ["c", "b", "a"]
    item_move(actor=owner, item=item(found, "Title 0"), group_id=groups[0].pk, index=0)
    group_delete(actor=owner, group=groups[0])
    assert order_of(found) == ["Title 0", "Title 1"]
    assert item(found, "Title 0").group_id is None


def test_a_collection_has_so_many_groups(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection_groups, "GROUPS_LIMIT", 1)
    found = collection_of(owner)
    group_create(actor=owner, collection=found, name="a")
    with pytest.raises(TooManyGroups):
        group_create(actor=owner, collection=found, name="b")
