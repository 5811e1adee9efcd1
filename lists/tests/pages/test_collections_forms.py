"""What people do with a collection on its page, and what its owner does in the editor, through forms."""

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.pages.shelf import text_of
from lists.models import (
    Collection,
    CollectionFavourite,
    CollectionGroup,
    CollectionItem,
    CollectionReaction,
)
from lists.services.entries import entry_set
from lists.services.tier_lists import tier_list_make
from lists.tests.pages.shelf_of_collections import anime_make, collection_make
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

FETCH = {"X-Requested-With": "fetch"}
POSTED = ["items", "groups", "tiers", "delete"]
POSTED_BY_READERS = ["reaction", "favourite", "copy", "claim"]


@pytest.fixture
def owner(client: Client) -> User:
    """The owner, signed in."""
    user = UserFactory.create(username="keeper")
    client.force_login(user)
    return user


def order() -> list[tuple[str, str]]:
    """(tier label, anime title) of all items by position."""
    rows = CollectionItem.objects.select_related("group").order_by("position")
    return [(row.group.tier_label or "" if row.group else "", row.anime_title) for row in rows]


class TestReading:
    def test_addresses_that_take_forms_lead_to_their_page(self, client: Client, owner: User) -> None:
        made = collection_make(owner, 1)
        path, nothing = f"/collections/{made.pk}", uuid.UUID(int=1)
        for name in [*POSTED, f"items/{nothing}", f"groups/{nothing}"]:
            assert client.get(f"{path}/{name}")["Location"] == f"{path}/edit"
        for name in POSTED_BY_READERS:
            assert client.get(f"{path}/{name}")["Location"] == path
        assert client.put(f"{path}/items").status_code == 405

    def test_others_find_no_editor(self, client: Client, owner: User) -> None:
        made = collection_make(UserFactory.create(), 1)
        path = f"/collections/{made.pk}"
        item = CollectionItem.objects.get()
        assert client.get(f"{path}/edit").status_code == 404
        for name in [*POSTED, f"items/{item.pk}"]:
            assert client.post(f"{path}/{name}", {"act": "remove"}).status_code == 404
        assert CollectionItem.objects.exists()

    def test_forms_need_the_token(self, owner: User) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(owner)
        made = collection_make(owner)
        assert strict.post(f"/collections/{made.pk}/delete").status_code == 403
        assert Collection.objects.exists()


class TestSocial:
    def test_a_reaction_is_set_replaced_and_taken_back(self, client: Client, owner: User) -> None:
        path = f"/collections/{collection_make(owner).pk}"
        assert client.post(f"{path}/reaction", {"value": "like"})["Location"] == path
        fragment = client.post(f"{path}/reaction", {"value": "dislike"}, headers={"HX-Request": "true"})
        assert 'id="collection-social"' in text_of(fragment)
        assert CollectionReaction.objects.get().value == "dislike"
        client.post(f"{path}/reaction", {"value": "none"})
        assert not CollectionReaction.objects.exists()
        assert client.post(f"{path}/reaction", {"value": "odd"}).status_code == 422

    def test_a_favourite_is_kept_and_let_go(self, client: Client, owner: User) -> None:
        path = f"/collections/{collection_make(owner).pk}"
        client.post(f"{path}/favourite", {"is_on": "1"})
        assert CollectionFavourite.objects.filter(user=owner).count() == 1
        client.post(f"{path}/favourite", {"is_on": "0"})
        assert not CollectionFavourite.objects.exists()

    def test_a_copy_is_private_and_opens_in_the_editor(self, client: Client, owner: User) -> None:
        made = collection_make(UserFactory.create(), 2)
        answer = client.post(f"/collections/{made.pk}/copy")
        copy = Collection.objects.get(owner=owner)
        assert answer["Location"] == f"/collections/{copy.pk}/edit"
        assert (copy.visibility, copy.forked_from_id, copy.items.count()) == ("private", made.pk, 2)


class TestMaking:
    def test_a_new_one_begins_with_an_anime(self, client: Client, owner: User) -> None:
        anime = anime_make(1)[0]
        assert anime.title in text_of(client.get(f"/collections/new?anime={anime.pk}"))
        form = {"title": "Begun", "description": "", "visibility": "unlisted"}
        answer = client.post(f"/collections/new?anime={anime.pk}", form)
        made = Collection.objects.get()
        assert answer["Location"] == f"/collections/{made.pk}/edit"
        assert (made.visibility, made.items.get().anime_id) == ("unlisted", anime.pk)

    def test_what_is_wrong_stands_in_the_form(self, client: Client, owner: User) -> None:
        page = client.post("/collections/new", {"title": "", "visibility": "everyone"})
        assert page.status_code == 422
        assert "Select a valid choice" in text_of(page)
        assert not Collection.objects.exists()

    def test_details_and_cover(self, client: Client, owner: User) -> None:
        made = collection_make(owner)
        path, form = (
            f"/collections/{made.pk}/edit",
            {"title": "Other", "description": "A\r\nB", "visibility": "private"},
        )
        out = io.BytesIO()
        Image.new("RGB", (80, 60), "teal").save(out, "PNG")
        upload = SimpleUploadedFile("c.png", out.getvalue(), content_type="image/png")
        assert client.post(path, {**form, "cover": upload}).status_code == 302
        made.refresh_from_db()
        assert (made.title, made.description, made.visibility) == ("Other", "A\nB", "private")
        assert made.cover is not None
        broken = client.post(path, {**form, "cover": SimpleUploadedFile("c.svg", b"<svg/>")})
        assert broken.status_code == 422
        client.post(path, {**form, "remove_cover": "1"})
        made.refresh_from_db()
        assert made.cover is None

    def test_deleting(self, client: Client, owner: User) -> None:
        made = collection_make(owner, 1)
        assert client.post(f"/collections/{made.pk}/delete")["Location"] == "/collections/mine"
        assert not Collection.objects.exists()


class TestBoard:
    @pytest.fixture
    def board(self, owner: User) -> tuple[str, list[CollectionItem], list[CollectionGroup]]:
        """Address, three items, the rows S to D."""
        made = collection_make(owner, 3)
        groups = tier_list_make(actor=owner, collection=made)
        return f"/collections/{made.pk}", list(CollectionItem.objects.order_by("position")), groups

    def test_the_editor_shows_all(self, client: Client, board: Any, owner: User) -> None:
        with assert_queries("lists/GET collection editor page"):
            html = text_of(client.get(f"{board[0]}/edit"))
        assert html.count("data-item=") == 3
        assert html.count('class="board-group board-tier"') == 5
        assert "Make a tier list" not in html

    def test_the_preset_is_made_once(self, client: Client, board: Any, owner: User) -> None:
        client.post(f"{board[0]}/tiers")
        labels = CollectionGroup.objects.order_by("sort_order").values_list("tier_label", flat=True)
        assert list(labels) == ["S", "A", "B", "C", "D"]

    def test_a_script_moves_an_item(self, client: Client, board: Any) -> None:
        path, items, groups = board
        for item in (items[0], items[2]):
            form = {"act": "move", "group": groups[0].pk, "index": "0"}
            answer = client.post(f"{path}/items/{item.pk}", form, headers=FETCH)
            assert answer.status_code == 204
        mine = CollectionItem.objects.filter(group=groups[0]).order_by("position")
        assert [row.pk for row in mine] == [items[2].pk, items[0].pk]
        refused = client.post(f"{path}/items/{items[0].pk}", {**form, "group": uuid.UUID(int=3)}, headers=FETCH)
        assert (refused.status_code, refused.json()["error"]) == (422, "validation_failed")
        assert client.post(f"{path}/items/{items[0].pk}", {"act": "odd"}, headers=FETCH).status_code == 400

    def test_forms_move_an_item(self, client: Client, board: Any) -> None:
        path, items, groups = board
        at = f"{path}/items/{items[0].pk}"
        assert client.post(at, {"act": "later"})["Location"].endswith(f"?item={items[0].pk}#item-panel")
        titles = [item.anime_title for item in items]
        assert order() == [("", titles[1]), ("", titles[0]), ("", titles[2])]
        client.post(at, {"act": "earlier"})
        client.post(at, {"act": "earlier"})
        assert order()[0] == ("", titles[0])
        client.post(at, {"act": "move", "group": groups[1].pk})
        client.post(at, {"act": "note", "note": "Still the best"})
        assert ("A", titles[0]) in order()
        assert CollectionItem.objects.get(pk=items[0].pk).note == "Still the best"
        panel = text_of(client.get(f"{path}/edit?item={items[0].pk}"))
        assert "Place 1 of 1 in A" in panel
        assert 'aria-labelledby="item-panel-title" open' in panel
        client.post(at, {"act": "remove"})
        assert len(order()) == 2

    def test_groups_are_made_changed_ordered_and_deleted(self, client: Client, board: Any) -> None:
        path, items, groups = board
        client.post(f"{path}/groups", {"name": "Loved", "tier_label": ""})
        made = CollectionGroup.objects.get(name="Loved")
        at = f"{path}/groups/{made.pk}"
        client.post(at, {"act": "earlier"})
        client.post(at, {"act": "save", "name": "Adored", "tier_label": "S+", "description": "Top"})
        made.refresh_from_db()
        assert (made.name, made.tier_label, made.description, made.sort_order) == ("Adored", "S+", "Top", 4)
        assert client.post(at, {"act": "move", "index": "1"}, headers=FETCH).status_code == 204
        rows = list(CollectionGroup.objects.filter(collection_id=made.collection_id).order_by("sort_order"))
        assert rows.index(made) == 1
        assert client.post(at, {"act": "move", "index": "-1"}, headers=FETCH).json()["error"] == "validation_failed"
        client.post(f"{path}/items/{items[0].pk}", {"act": "move", "group": made.pk})
        client.post(at, {"act": "remove"})
        assert CollectionItem.objects.get(pk=items[0].pk).group is None
        page = client.post(f"{path}/groups/{groups[0].pk}", {"act": "save", "name": " "}, follow=True)
        assert "Say something." in text_of(page)

    def test_anime_are_found_and_added(self, client: Client, board: Any, owner: User) -> None:
        path, items, groups = board
        new = anime_make(1)[0]
        entry_set(user=owner, anime_id=new.pk, status="planned")
        found = text_of(client.get(f"{path}/edit?mine=1", headers=FETCH))
        assert f'value="{new.pk}"' in found
        assert "<html" not in found
        form = {"anime": f"{new.pk},{items[0].anime_id}", "group": groups[0].pk}
        fragment = text_of(client.post(f"{path}/items", form, headers=FETCH))
        assert fragment.count("data-item=") == 1
        assert ("S", new.title) in order()
        assert "Nothing of your list is left" in text_of(client.get(f"{path}/edit?mine=1", headers=FETCH))
        assert client.post(f"{path}/items", {"anime": "x"}, headers=FETCH).status_code == 422
        back = client.post(f"{path}/items", {"anime": new.pk, "q": "hoshi", "mine": ""})
        assert back["Location"] == f"{path}/edit?q=hoshi#found"


class TestMenu:
    def test_it_adds_removes_and_makes(self, client: Client, owner: User) -> None:
        anime = anime_make(1)[0]
        one, two = collection_make(owner, title="One"), collection_make(owner, title="Two")
        foreign = collection_make(UserFactory.create(), title="Foreign")
        path = f"/anime/{anime.pk}/collections"
        shown = {"shown": [one.pk, two.pk, foreign.pk]}
        client.post(path, {**shown, "collection": [one.pk, foreign.pk]})
        html = client.post(path, {**shown, "collection": [two.pk], "title": "Three"}, headers={"HX-Request": "true"})
        there = set(CollectionItem.objects.values_list("collection__title", flat=True))
        assert there == {"Two", "Three"}
        assert "In 2 collections" in text_of(html)
        assert client.get(path)["Location"] == f"/anime/{anime.pk}"

    def test_the_page_of_an_anime_has_it_for_those_signed_in(self, client: Client, owner: User) -> None:
        anime = anime_make(1)[0]
        collection_make(owner, title="A shelf of mine")
        assert "A shelf of mine" in text_of(client.get(f"/anime/{anime.pk}", follow=True))
        assert "Add to collection" not in text_of(Client().get(f"/anime/{anime.pk}", follow=True))
