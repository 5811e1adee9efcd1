"""Browsing, one's own, and the page of a collection."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.pages.shelf import loads_foreign, text_of
from lists.models import Collection, CollectionItem
from lists.services.challenges import challenge_set
from lists.services.collection_groups import group_create
from lists.services.collection_items import ItemDraft, item_move, items_add
from lists.services.collection_social import favourite_add
from lists.services.collections import collection_fork, collection_update, featured_set
from lists.services.entries import entry_set
from lists.tests.pages.shelf_of_collections import collection_make, fill
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return UserFactory.create(username="keeper", display_name="The Keeper")


@pytest.fixture
def other(client: Client) -> User:
    """Somebody else, signed in."""
    user = UserFactory.create(username="visitor_x")
    client.force_login(user)
    return user


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


class TestBrowse:
    def test_public_ones_with_owner_and_counts(self, client: Client, owner: User) -> None:
        collection_make(owner, 5)
        collection_make(owner, title="My secret", visibility="private")
        collection_make(owner, title="By address", visibility="unlisted")
        with assert_queries("lists/GET collections page"):
            page = client.get("/collections")
        html = text_of(page)
        assert "Rain and trains" in html
        assert "The Keeper" in html
        assert "5 anime" in html
        assert html.count('class="poster"') == 4
        assert "My secret" not in html
        assert "By address" not in html
        assert not page.cookies

    def test_the_number_of_queries_does_not_grow(self, client: Client, owner: User) -> None:
        collection_make(owner, 2)
        few = queries(client, "/collections")
        for _ in range(5):
            collection_make(owner, 2)
        assert queries(client, "/collections") == few

    def test_featured_stand_on_top_of_their_own(self, client: Client, owner: User) -> None:
        pinned = collection_make(owner, title="Pinned one")
        featured_set(actor=UserFactory.create(role="admin"), collection=pinned, is_featured=True)
        collection_make(owner, title="Newer one")
        html = text_of(client.get("/collections"))
        assert html.index("Pinned one") < html.index("All collections") < html.index("Newer one")

    def test_sorts_and_the_search_are_in_the_address(self, client: Client, owner: User) -> None:
        kept, looked_at = collection_make(owner, title="Kept rain"), collection_make(owner, title="Seen rain")
        collection_make(owner, title="Sunshine")
        favourite_add(actor=owner, collection=kept)
        Collection.objects.filter(pk=looked_at.pk).update(view_count=9)
        by_favourites = text_of(client.get("/collections?q=rain&sort=favourites"))
        by_views = text_of(client.get("/collections?q=rain&sort=views"))
        assert by_favourites.index("Kept rain") < by_favourites.index("Seen rain")
        assert by_views.index("Seen rain") < by_views.index("Kept rain")
        assert "Sunshine" not in by_views
        assert client.get("/collections?q=&sort=odd")["Location"] == "/collections"
        assert "No collection is like this" in text_of(client.get("/collections?q=zzz"))
        assert "The list ends before this page" in text_of(client.get("/collections?page=9"))

    def test_nothing_yet(self, client: Client) -> None:
        assert "Nobody has shown a collection yet" in text_of(client.get("/collections"))

    def test_of_one_person(self, client: Client, owner: User) -> None:
        collection_make(owner, title="Hers")
        collection_make(UserFactory.create(), title="Of another")
        html = text_of(client.get("/collections?by=keeper"))
        assert "Hers" in html
        assert "Of another" not in html
        assert client.get("/collections?by=nobody_at_all").status_code == 404


class TestMine:
    def test_own_of_every_visibility_and_favourites(self, client: Client, other: User, owner: User) -> None:
        collection_make(other, title="Hidden thing", visibility="private")
        favourite_add(actor=other, collection=collection_make(owner, title="Kept thing"))
        own = text_of(client.get("/collections/mine"))
        kept = text_of(client.get("/collections/mine?tab=favourites"))
        assert ("Hidden thing" in own, "Kept thing" in own) == (True, False)
        assert ("Hidden thing" in kept, "Kept thing" in kept) == (False, True)

    def test_empty_tabs(self, client: Client, other: User) -> None:
        assert "You have not made one yet" in text_of(client.get("/collections/mine"))
        assert "No favourites yet" in text_of(client.get("/collections/mine?tab=favourites"))

    def test_strangers_sign_in(self, client: Client) -> None:
        assert client.get("/collections/mine")["Location"].startswith("/accounts/login/")


class TestCollectionPage:
    def test_strangers_read_it_without_a_cookie(self, client: Client, owner: User) -> None:
        made = collection_make(owner, 3, description="One\n\nTwo <b>")
        with assert_queries("lists/GET collection page"):
            page = client.get(f"/collections/{made.pk}")
        html = text_of(page)
        assert "<p>Two &lt;b&gt;</p>" in html
        assert "1 view" in html
        assert "csrf" not in html
        assert not page.cookies

    @pytest.mark.parametrize(("visibility", "status"), [("private", 404), ("unlisted", 200), ("public", 200)])
    def test_who_may_see_it(self, client: Client, other: User, owner: User, visibility: str, status: int) -> None:
        made = collection_make(owner, visibility=visibility)
        assert client.get(f"/collections/{made.pk}").status_code == status
        client.force_login(owner)
        assert client.get(f"/collections/{made.pk}").status_code == 200

    def test_the_number_of_queries_does_not_grow(self, client: Client, other: User, owner: User) -> None:
        made = collection_make(owner, 3)
        few = queries(client, f"/collections/{made.pk}")
        fill(made, 5)
        for _ in range(3):
            group_create(actor=owner, collection=made, name="More")
        assert queries(client, f"/collections/{made.pk}") == few

    def test_looks_are_counted_and_coming_back_is_not(self, client: Client, owner: User) -> None:
        path = f"/collections/{collection_make(owner).pk}"
        client.get(path)
        client.get(path)
        client.head(path)
        client.get(path, headers={"Referer": f"http://testserver{path}"})
        client.get(path, headers={"Sec-Purpose": "prefetch"})
        assert Collection.objects.get().view_count == 2

    def test_tier_rows_sections_and_the_rest(self, client: Client, owner: User) -> None:
        made = collection_make(owner, 3)
        first, second, _third = CollectionItem.objects.order_by("position")
        tier = group_create(actor=owner, collection=made, name="Best", tier_label="S")
        section = group_create(actor=owner, collection=made, name="Also good")
        item_move(actor=owner, item=first, group_id=tier.pk, index=0)
        item_move(actor=owner, item=second, group_id=section.pk, index=0)
        html = text_of(client.get(f"/collections/{made.pk}"))
        assert html.index('class="tiers"') < html.index("Also good") < html.index("Not sorted")
        assert 'style="--tier:28"' in html

    def test_the_viewers_own_list_shows(self, client: Client, other: User, owner: User) -> None:
        made = collection_make(owner, 2)
        entry_set(user=other, anime_id=CollectionItem.objects.order_by("position")[0].anime_id, status="completed")
        html = text_of(client.get(f"/collections/{made.pk}"))
        assert "<b>1</b> of 2 completed" in html
        assert html.count("status-completed") == 1

    def test_an_anime_that_is_not_in_the_catalogue_is_drawn(self, client: Client, owner: User) -> None:
        made = collection_make(owner)
        draft = ItemDraft(shikimori_id=99, title="Lost film", picture="https://elsewhere.example.org/p.jpg")
        items_add(actor=owner, collection=made, drafts=[draft])
        html = text_of(client.get(f"/collections/{made.pk}"))
        assert "Lost film" in html
        assert "elsewhere.example.org" not in html
        assert loads_foreign(html) == []

    def test_a_copy_names_its_source_while_it_may_be_seen(self, client: Client, other: User, owner: User) -> None:
        made = collection_make(owner, 1)
        path = f"/collections/{collection_fork(actor=other, collection=made).pk}"
        assert f'href="/collections/{made.pk}"' in text_of(client.get(path))
        collection_update(actor=owner, collection=made, visibility="private", title="Now secret")
        html = text_of(client.get(path))
        assert "not shown any more" in html
        assert "Now secret" not in html

    def test_a_challenge_offers_its_reward(self, client: Client, other: User, owner: User) -> None:
        made = collection_make(owner, 1)
        admin = UserFactory.create(role="admin")
        challenge_set(actor=admin, collection=made, is_challenge=True, coin_reward=300)
        path = f"/collections/{made.pk}"
        html = text_of(client.get(path))
        assert "300 coins" in html
        assert "Claim the reward" in html
        entry_set(user=other, anime_id=CollectionItem.objects.get().anime_id, status="completed")
        page = client.post(f"{path}/claim", follow=True)
        assert "The reward is yours." in text_of(page)
        assert "Reward claimed" in text_of(page)
        assert "claimed this challenge already" in text_of(client.post(f"{path}/claim", follow=True))


class TestElsewhere:
    def test_the_front_page_and_the_profile_show_public_ones(self, client: Client, owner: User) -> None:
        collection_make(owner, 1)
        collection_make(owner, 1, title="Not for you", visibility="private")
        for path in ("/", "/users/keeper"):
            html = text_of(client.get(path))
            assert "Rain and trains" in html
            assert "Not for you" not in html

    def test_without_any_nothing_is_there(self, client: Client, owner: User) -> None:
        assert "row-collections" not in text_of(client.get("/"))
        assert "profile-collections" not in text_of(client.get("/users/keeper"))
