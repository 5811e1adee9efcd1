"""`/feed` over HTTP, and who reads whose lines."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime, Visibility
from catalog.tests.factories import AnimeFactory
from lists.models import ListEntry, ListPreferences
from lists.services import entry_set
from lists.services.collections import collection_create, collection_update
from social.models import Block, Category, FeedItem, FeedVerb, Follow, Friendship, FriendshipStatus, Post
from social.selectors.feed import feed_friends
from social.services.feed import collection_tell, post_tell
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


def befriend(one: User, other: User) -> None:
    low, high = sorted((one.pk, other.pk))
    Friendship.objects.create(low_id=low, high_id=high, requester=one, status=FriendshipStatus.ACCEPTED)


def line_of(user: User, anime: Anime | None = None, *, minutes: int = 0, **fields: Any) -> FeedItem:
    when = timezone.now() - timedelta(minutes=minutes)
    values = {"verb": FeedVerb.COMPLETED, "created_at": when, "updated_at": when, **fields}
    return FeedItem.objects.create(user=user, anime=anime, **values)


def post_of(author: User, **fields: Any) -> Post:
    category = Category.objects.first() or Category.objects.create(slug="talk", name="Talk")
    made = {"title": "Hello", "body": "x", "html": "<p>x</p>", "created_at": timezone.now(), **fields}
    return Post.objects.create(author=author, category=category, **made)


def call(user: User | None, method: str, path: str) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.generic(method, f"/api/v1/{path}", b"", content_type="application/json")


def lines(user: User | None, path: str) -> list[dict[str, Any]]:
    answer = call(user, "GET", path)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)["results"]


@pytest.fixture
def viewer() -> User:
    return UserFactory.create()


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory.create(document=True)


@pytest.fixture
def friend(viewer: User) -> User:
    found = UserFactory.create(activity_visibility="friends")
    befriend(viewer, found)
    return found


@pytest.mark.parametrize("circle", ["nobody", "friends", "everyone"])
@pytest.mark.parametrize("standing", ["stranger", "friend", "followed", "blocked", "blocking"])
def test_who_reads_whose_lines(viewer: User, anime: Anime, circle: str, standing: str) -> None:
    """The circle that somebody chose, and how the viewer stands to them, decide in every door alike."""
    other = UserFactory.create(activity_visibility=circle)
    line_of(other, anime)
    if standing == "friend":
        befriend(viewer, other)
    if standing == "followed":
        Follow.objects.create(follower=viewer, followed=other)
    if standing == "blocked":
        Block.objects.create(blocker=viewer, blocked=other)
    if standing == "blocking":
        Block.objects.create(blocker=other, blocked=viewer)
    is_hidden = standing in ("blocked", "blocking")
    to_all = circle == "everyone" and not is_hidden
    to_viewer = to_all or (circle == "friends" and standing == "friend")
    assert len(lines(viewer, "feed?scope=public")) == to_all
    assert len(lines(viewer, "feed")) == (to_viewer and standing in ("friend", "followed"))
    answer = call(viewer, "GET", f"users/{other.username}/feed")
    assert answer.status_code == (200 if to_viewer else 404)
    assert lines(other, "feed?scope=mine")[0]["verb"] == "completed"
    assert call(None, "GET", f"users/{other.username}/feed").status_code == (200 if circle == "everyone" else 404)
    assert call(None, "GET", "feed").status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"profile_visibility": "nobody"},
        {"is_active": False},
        {"deletion_due_at": timezone.now()},
        {"activity_visibility": "nobody"},
    ],
)
def test_what_closes_a_person_closes_their_lines_at_once(
    viewer: User, friend: User, anime: Anime, change: dict[str, Any]
) -> None:
    line_of(friend, anime)
    User.objects.filter(pk=friend.pk).update(activity_visibility="everyone")
    assert len(lines(viewer, "feed")) == len(lines(viewer, "feed?scope=public")) == 1
    User.objects.filter(pk=friend.pk).update(**change)
    assert lines(viewer, "feed") == lines(viewer, "feed?scope=public") == []
    assert call(viewer, "GET", f"users/{friend.username}/feed").status_code == 404


def test_a_closed_list_closes_what_is_told_of_it(viewer: User, anime: Anime) -> None:
    other = UserFactory.create(activity_visibility="everyone")
    befriend(viewer, other)
    line_of(other, anime)
    post_tell(post_id=post_of(other).pk, author_id=other.pk)
    preferences = ListPreferences.objects.create(user=other, list_visibility="friends")
    assert {row["verb"] for row in lines(viewer, "feed")} == {"completed", "posted"}
    assert [row["verb"] for row in lines(UserFactory.create(), "feed?scope=public")] == ["posted"]
    preferences.list_visibility = "nobody"
    preferences.save()
    assert [row["verb"] for row in lines(viewer, "feed")] == ["posted"]
    assert [row["verb"] for row in lines(viewer, f"users/{other.username}/feed")] == ["posted"]
    assert len(lines(other, "feed?scope=mine")) == 2


def test_a_private_entry_hides_its_lines(viewer: User, friend: User, anime: Anime) -> None:
    entry_set(user=friend, anime_id=anime.pk, status="watching")
    assert len(lines(viewer, "feed")) == 1
    ListEntry.objects.update(is_private=True)
    assert lines(viewer, "feed") == []


def test_anime_of_the_viewers_rights(viewer: User, friend: User) -> None:
    adult = AnimeFactory.create(document=True, is_adult=True)
    gone = AnimeFactory.create(document=True, visibility=Visibility.HIDDEN)
    line_of(friend, adult)
    line_of(friend, gone)
    assert lines(viewer, "feed") == []
    User.objects.filter(pk=viewer.pk).update(shows_adult=True, birth_date="1990-01-01")
    assert [row["anime"]["id"] for row in lines(viewer, "feed")] == [adult.pk]


def test_posts_and_collections_as_the_viewer_may_see_them(viewer: User, friend: User, anime: Anime) -> None:
    post = post_of(friend, title="A\u202etitle", anime=anime, spoils_episode=3)
    post_tell(post_id=post.pk, author_id=friend.pk)
    shelf = collection_create(actor=friend, title="Shelf", visibility="public")
    collection_tell(collection_id=shelf.pk, owner_id=friend.pk)
    made, said = lines(viewer, "feed")
    assert made["collection"] == {"id": str(shelf.pk), "title": "Shelf"}
    assert said["post"] == {"id": str(post.pk), "title": "Atitle", "is_covered": True}
    entry_set(user=viewer, anime_id=anime.pk, status="watching", episodes_watched=3)
    assert lines(viewer, "feed")[1]["post"]["is_covered"] is False
    Post.objects.update(deleted_at=timezone.now())
    collection_update(actor=friend, collection=shelf, visibility="private")
    assert lines(viewer, "feed") == []


def test_many_plans_are_one_row(viewer: User, friend: User) -> None:
    found = AnimeFactory.create_batch(4, document=True)
    for number, anime in enumerate(found):
        line_of(friend, anime, minutes=number, verb=FeedVerb.PLANNED)
    line_of(friend, found[0], minutes=500, verb=FeedVerb.PLANNED)
    first, second = lines(viewer, "feed")
    assert first["anime"]["id"] == found[0].pk
    assert [one["anime"]["id"] for one in first["others"]] == [anime.pk for anime in found[1:]]
    assert second["others"] == []


def test_pages_neither_skip_nor_repeat(viewer: User, friend: User, anime: Anime) -> None:
    other = UserFactory.create(activity_visibility="everyone")
    Follow.objects.create(follower=viewer, followed=other)
    made = [line_of((friend, other)[n % 2], anime, minutes=n // 3) for n in range(25)]
    for scope, wanted in (("friends", made), ("public", [one for one in made if one.user_id == other.pk])):
        found: list[str] = []
        address: str | None = f"/api/v1/feed?scope={scope}&page_size=4"
        while address:
            answer = json.loads(call(viewer, "GET", address.removeprefix("/api/v1/")).content)
            found += [row["id"] for row in answer["results"]]
            address = answer["next"]
        assert len(found) == len(set(found))
        assert set(found) == {str(one.pk) for one in wanted}


def test_of_few_who_do_much_no_more_is_read_than_a_page_has(viewer: User, friend: User, anime: Anime) -> None:
    other = UserFactory.create(activity_visibility="everyone")
    Follow.objects.create(follower=viewer, followed=other)
    much = [line_of(friend, anime, minutes=2 * number) for number in range(14)]
    little = [line_of(other, anime, minutes=number) for number in (5, 25, 26, 90)]
    wanted = sorted([*much, *little], key=lambda one: (one.updated_at, one.pk), reverse=True)
    found: list[FeedItem] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        with CaptureQueriesContext(connection) as captured:
            page = feed_friends(viewer, cursor=cursor, limit=1)
        found += [line.item for row in page.rows for line in row.lines]
        (lines,) = [query["sql"] for query in captured if 'LEFT OUTER JOIN "social_post"' in query["sql"]]
        is_bound = '"social_feeditem"."updated_at" >= ' in lines
        assert is_bound or len(wanted) - len(found) < 9, "of the friend all lines were read"
        cursor, pages = page.next_cursor, pages + 1
    assert found == wanted


def test_a_quiet_public_feed_goes_on_below(viewer: User, anime: Anime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("social.selectors.feed.STRETCHES", (2, 5))
    shy, open_ = UserFactory.create(), UserFactory.create(activity_visibility="everyone")
    for number in range(12):
        line_of(shy, anime, minutes=number)
    last = line_of(open_, anime, minutes=60)
    found, address, pages = [], "feed?scope=public", 0
    while address:
        answer = json.loads(call(viewer, "GET", address).content)
        found += [row["id"] for row in answer["results"]]
        address, pages = (answer["next"] or "").removeprefix("/api/v1/"), pages + 1
    assert found == [str(last.pk)]
    assert pages == 3


def test_own_lines_are_removed_and_brought_back(viewer: User, anime: Anime) -> None:
    line = line_of(viewer, anime)
    assert call(UserFactory.create(), "DELETE", f"feed/{line.pk}").status_code == 404
    assert call(viewer, "DELETE", f"feed/{line.pk}").status_code == 204
    assert lines(viewer, "feed?scope=mine") == []
    assert call(viewer, "POST", f"feed/{line.pk}/restore").status_code == 204
    assert len(lines(viewer, "feed?scope=mine")) == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?scope=all", 422),
        ("?cursor=x", 400),
        ("?cursor=n.bnVsbA", 400),
        ("?cursor=p.WyIyMDI2LTAxLTAxIiwxXQ", 400),
        ("?cursor=n.WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiIsIngiXQ", 400),
        ("?scope=mine&cursor=n.WzEsMl0", 400),
        ("?scope=public&cursor=n.WyJcdTAwMDAiLDJd", 400),
        ("?page_size=51", 422),
        ("?friend=1", 400),
    ],
)
def test_what_is_refused(viewer: User, friend: User, anime: Anime, query: str, status: int) -> None:
    line_of(friend, anime)
    assert call(viewer, "GET", f"feed{query}").status_code == status


def test_as_many_queries_for_more(viewer: User, friend: User) -> None:
    found = AnimeFactory.create_batch(7, document=True)
    for count in (2, 7):
        for number, anime in enumerate(found[:count]):
            other = UserFactory.create(activity_visibility="everyone")
            befriend(viewer, other)
            line_of(other, anime, minutes=number)
        post_tell(post_id=post_of(friend, anime=found[0]).pk, author_id=friend.pk)
        collection_create(actor=friend, title="Shelf", visibility="public")
        client = Client()
        client.force_login(viewer)
        for scope in ("friends", "public", "mine"):
            line_of(viewer, found[0])
            client.get(f"/api/v1/feed?scope={scope}")
            with assert_queries(f"social/GET feed {scope}"):
                client.get(f"/api/v1/feed?scope={scope}")
