"""Making, changing, copying and looking at collections."""

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.errors import NotFound, PermissionDenied, ValidationFailed
from core.media.images import image_store
from core.models import StoredImage
from core.tests.media.pictures import picture
from lists.access_collections import get_collection
from lists.errors import TooManyCollections
from lists.models import Collection, CollectionItem
from lists.selectors.collections import (
    CollectionQuery,
    collection_items,
    collection_shown,
    collections_page,
)
from lists.services import collections as services
from lists.services.collection_covers import cover_store
from lists.services.collection_groups import group_create
from lists.services.collection_items import ItemDraft, item_move, items_add
from lists.tests.collections import collection_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return UserFactory.create()


@pytest.fixture
def other() -> User:
    return UserFactory.create()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": " "}, "title"),
        ({"title": "\u200b\u2060"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "nul\x00"}, "title"),
        ({"title": "x", "description": "x" * 5_001}, "description"),
        ({"title": "x", "visibility": "secret"}, "visibility"),
        ({"title": "x", "is_featured": True}, "is_featured"),
        ({"title": "x", "owner_id": 1}, "owner_id"),
        ({"title": "x", "cover_id": "nothing"}, "cover_id"),
    ],
)
def test_a_bad_field_is_named(owner: User, fields: dict, wrong: str) -> None:
    with pytest.raises(ValidationFailed) as caught:
        services.collection_create(actor=owner, **fields)
    assert list(caught.value.extra["fields"]) == [wrong]
    assert not Collection.objects.exists()


def test_a_title_is_one_line(owner: User) -> None:
    found = collection_of(owner, title="  two\n lines ", description="two\nlines")
    assert (found.title, found.description) == ("two lines", "two\nlines")


def test_only_the_owner_changes_and_deletes(owner: User, other: User) -> None:
    found = collection_of(owner)
    for change in (
        lambda: services.collection_update(actor=other, collection=found, title="Theirs"),
        lambda: services.collection_delete(actor=other, collection=found),
    ):
        with pytest.raises(NotFound):
            change()
    assert services.collection_update(actor=owner, collection=found, title="New").title == "New"
    services.collection_delete(actor=owner, collection=found)
    assert not Collection.objects.exists()


def test_one_may_have_so_many(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "COLLECTIONS_LIMIT", 2)
    found = [collection_of(owner) for _ in range(2)]
    with pytest.raises(TooManyCollections):
        collection_of(owner)
    with pytest.raises(TooManyCollections):
        services.collection_fork(actor=owner, collection=found[0])


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
def test_three_circles(owner: User, other: User, visibility: str) -> None:
    found = collection_of(owner, visibility=visibility)
    for viewer in (other, UserFactory.create(role="superadmin")):
        if visibility == "private":
            with pytest.raises(NotFound):
                get_collection(viewer, found.pk)
        else:
            assert get_collection(viewer, found.pk) == found
        assert collections_page(viewer)[0] == (visibility == "public")
    assert collections_page(owner, CollectionQuery(owner_id=owner.pk))[0] == 1


@pytest.mark.parametrize("state", [{"is_active": False}, {"deletion_due_at": "2026-01-01T00:00:00Z"}])
def test_what_the_suspended_and_the_leaving_made_is_invisible(owner: User, other: User, state: dict) -> None:
    found = collection_of(owner)
    User.objects.filter(pk=owner.pk).update(**state)
    with pytest.raises(NotFound):
        get_collection(other, found.pk)
    assert collections_page(other)[0] == 0
    assert collections_page(UserFactory.create(role="admin"))[0] == 0


def test_what_a_block_hides_is_invisible(owner: User, other: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from accounts import relations

    found = collection_of(owner)
    hidden = lambda people, viewer_id: people.exclude(pk=owner.pk) if viewer_id == other.pk else people  # noqa: E731
    monkeypatch.setattr(relations, "without_hidden", hidden)
    with pytest.raises(NotFound):
        get_collection(other, found.pk)
    assert collections_page(other)[0] == 0
    assert collections_page(owner)[0] == 1


def test_a_copy_has_all_of_it(owner: User, other: User) -> None:
    source = collection_of(owner, items=3, description="About")
    group = group_create(actor=owner, collection=source, name="Top", tier_label="S")
    row = CollectionItem.objects.filter(collection=source).order_by("position").last()
    assert row is not None
    item_move(actor=owner, item=row, group_id=group.pk, index=0)
    Collection.objects.filter(pk=source.pk).update(is_challenge=True, coin_reward=9, is_featured=True, view_count=7)
    copy = services.collection_fork(actor=other, collection=source)
    copy.refresh_from_db()
    assert (copy.title, copy.description, copy.visibility, copy.owner) == ("Shelf", "About", "private", other)
    assert (copy.is_challenge, copy.coin_reward, copy.is_featured, copy.view_count) == (False, 0, False, 0)
    assert copy.forked_from_id == source.pk
    rows = list(copy.items.order_by("position"))
    assert [(r.shikimori_id, r.anime_title, r.position) for r in rows] == [
        (900_001 + n, f"Title {n}", n) for n in range(3)
    ]
    assert [r.group and r.group.tier_label for r in rows] == [None, None, "S"]
    assert rows[2].group is not None
    assert rows[2].group.collection == copy
    assert services.collection_fork(actor=other, collection=source, title="Mine").title == "Mine"


def test_where_a_copy_comes_from_is_told_to_who_may_see_it(owner: User, other: User) -> None:
    source = collection_of(owner)
    copy = services.collection_fork(actor=other, collection=source)
    services.collection_update(actor=other, collection=copy, visibility="public")
    assert collection_shown(other, copy.pk).forked_from_id == source.pk
    services.collection_update(actor=owner, collection=source, visibility="private")
    assert collection_shown(other, copy.pk).forked_from_id is None
    assert collection_shown(owner, copy.pk).forked_from_id == source.pk
    services.collection_delete(actor=owner, collection=source)
    assert collection_shown(other, copy.pk).forked_from_id is None


def test_a_private_one_of_others_is_not_copied(owner: User, other: User) -> None:
    found = collection_of(owner, visibility="private")
    with pytest.raises(NotFound):
        services.collection_fork(actor=other, collection=found)
    assert Collection.objects.count() == 1


def test_looks_are_counted_and_leave_the_time_of_change(owner: User, other: User) -> None:
    found = collection_of(owner)
    before = Collection.objects.get().updated_at
    assert [services.collection_view(viewer=other, collection=found) for _ in range(3)] == [1, 2, 3]
    assert Collection.objects.get().updated_at == before
    services.collection_update(actor=owner, collection=found, visibility="private")
    with pytest.raises(NotFound):
        services.collection_view(viewer=other, collection=found)
    assert services.collection_view(viewer=owner, collection=found) == 4


def test_featured_ones_stand_first(owner: User, other: User) -> None:
    first, second = collection_of(owner, title="First"), collection_of(owner, title="Second")
    with pytest.raises(PermissionDenied):
        services.featured_set(actor=owner, collection=first)
    with pytest.raises(PermissionDenied):
        services.featured_set(actor=UserFactory.create(role="moderator"), collection=first)
    admin = UserFactory.create(role="admin")
    assert [row.collection for row in collections_page(other)[1]] == [second, first]
    assert services.featured_set(actor=admin, collection=first).is_featured
    assert [row.collection for row in collections_page(other)[1]] == [first, second]
    assert not services.featured_set(actor=admin, collection=first).is_featured


def test_taken_down_and_adult_anime_are_shown_to_whom_they_may_be(owner: User, other: User) -> None:
    found = collection_of(owner, items=1)
    plain, adult = AnimeFactory.create(document=True), AnimeFactory.create(document=True, adult=True)
    hidden = AnimeFactory.create(document=True)
    drafts = [ItemDraft(anime_id=anime.pk) for anime in (plain, adult, hidden)]
    items_add(actor=owner, collection=found, drafts=drafts)
    hidden.visibility = "hidden"
    hidden.save()
    assert [row.item.anime_id for row in collection_items(other, found)] == [None, plain.pk]
    assert len(collection_items(owner, found)) == 4
    other.shows_adult = True
    assert [row.item.anime_id for row in collection_items(other, found)] == [None, plain.pk, adult.pk]


class TestCovers:
    """One's own pictures; what nothing shows goes."""

    def test_a_cover_is_ones_own(self, owner: User, other: User) -> None:
        theirs = image_store(file=picture(colour=(1, 2, 3)), purpose="cover", owner=other)
        poster = image_store(file=picture(colour=(1, 2, 4)), purpose="poster", owner=owner)
        for image in (theirs, poster):
            with pytest.raises(ValidationFailed):
                collection_of(owner, cover_id=image.pk)

    def test_the_same_file_of_two_people_is_each_ones_own(self, owner: User, other: User) -> None:
        import io

        for user in (owner, other):
            image = cover_store(user=user, file=io.BytesIO(picture(colour=(5, 5, 5))))
            assert collection_of(user, cover_id=image.pk).cover == image

    def test_a_replaced_cover_goes_unless_a_copy_shows_it(
        self, owner: User, other: User, django_capture_on_commit_callbacks
    ) -> None:
        images = [image_store(file=picture(colour=(n, 0, 9)), purpose="cover", owner=owner) for n in (10, 20)]
        found = collection_of(owner, cover_id=images[0].pk)
        copy = services.collection_fork(actor=other, collection=found)
        with django_capture_on_commit_callbacks(execute=True):
            services.collection_update(actor=owner, collection=found, cover_id=images[1].pk)
        assert StoredImage.objects.filter(pk=images[0].pk).exists()
        with django_capture_on_commit_callbacks(execute=True):
            services.collection_delete(actor=other, collection=copy)
        assert not StoredImage.objects.filter(pk=images[0].pk).exists()
        with django_capture_on_commit_callbacks(execute=True):
            services.collection_update(actor=owner, collection=found, cover_id=None)
        assert not StoredImage.objects.exists()

    def test_few_that_nothing_shows_are_kept(self, owner: User) -> None:
        import io

        shown = cover_store(user=owner, file=io.BytesIO(picture(colour=(0, 0, 0), size=(40, 20))))
        collection_of(owner, cover_id=shown.pk)
        sent = [
            cover_store(user=owner, file=io.BytesIO(picture(colour=(n, 50, 50), size=(40, 20)))) for n in range(1, 8)
        ]
        assert set(StoredImage.objects.values_list("pk", flat=True)) == {shown.pk, *(i.pk for i in sent[-5:])}
