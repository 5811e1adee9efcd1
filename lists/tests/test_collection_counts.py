"""The number that stands on a collection is the number of items that its reader sees: on cards, on its page, in the API."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.services.anime import anime_hide
from catalog.tests.factories import AnimeFactory
from catalog.tests.pages.shelf import text_of
from lists.models import Collection
from lists.selectors.collections import challenge_progress
from lists.services import entry_set
from lists.services.collection_items import ItemDraft, items_add
from lists.services.collections import collection_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User | None]:
    return {
        "owner": UserFactory.create(),
        "reader": UserFactory.create(),
        "grown-up": UserFactory.create(shows_adult=True),
        "tester": UserFactory.create(role="tester"),
        "stranger": None,
    }


@pytest.fixture
def collection(people: dict[str, User | None]) -> Collection:
    """A plain title, an adult one, one that was taken down, and one that only the item itself names."""
    owner = people["owner"]
    assert owner is not None
    made = collection_create(actor=owner, title="Counted", visibility="public")
    plain, adult, gone = (AnimeFactory.create(document=True, adult=adult) for adult in (False, True, False))
    drafts = [ItemDraft(anime_id=anime.pk) for anime in (plain, adult, gone)]
    items_add(actor=owner, collection=made, drafts=[*drafts, ItemDraft(shikimori_id=900_001, title="Unheard of")])
    anime_hide(actor=UserFactory.create(role="admin"), anime=gone, reason="x")
    return made


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("who", "seen"), [("owner", 4), ("reader", 2), ("grown-up", 3), ("tester", 4), ("stranger", 2)]
)
def test_cards_page_and_api_say_what_is_seen(
    people: dict[str, User | None], collection: Collection, who: str, seen: int
) -> None:
    client = client_of(people[who])
    path = f"/api/v1/collections/{collection.pk}"
    assert len(client.get(f"{path}/items").json()) == seen
    assert client.get(path).json()["anime_count"] == seen
    assert [row["anime_count"] for row in client.get("/api/v1/collections").json()] == [seen]
    for page in (f"/collections/{collection.pk}", "/collections"):
        assert re.search(rf"\b{seen} anime\b", text_of(client.get(page))), page


def test_other_peoples_and_ones_own_are_counted_in_one_question(
    people: dict[str, User | None], collection: Collection
) -> None:
    reader = people["reader"]
    assert reader is not None
    adult, client, asked = AnimeFactory.create(document=True, adult=True), client_of(reader), []
    for titles in (["Mine"], ["Mine too", "And mine"]):
        for title in titles:
            own = collection_create(actor=reader, title=title, visibility="public")
            items_add(actor=reader, collection=own, drafts=[ItemDraft(anime_id=adult.pk)])
        with CaptureQueriesContext(connection) as captured:
            rows = client.get("/api/v1/collections").json()
        asked.append(len(captured))
    assert asked[0] == asked[1]
    assert {row["title"]: row["anime_count"] for row in rows} == {"Counted": 2, "Mine": 1, "Mine too": 1, "And mine": 1}


def test_what_was_taken_down_stands_in_no_ones_way_through_a_challenge(
    people: dict[str, User | None], collection: Collection
) -> None:
    grown_up = people["grown-up"]
    assert grown_up is not None
    collection.items.filter(anime=None).delete()
    for item in collection.items.select_related("anime").order_by("position")[:2]:
        assert item.anime_id is not None
        entry_set(user=grown_up, anime_id=item.anime_id, status="completed")
    progress = challenge_progress(grown_up, collection)
    assert (progress.completed, progress.total, progress.is_complete) == (2, 2, True)
