"""A block hides two people from each other everywhere: every place that names people or shows their words is walked, both ways.

A place is good when a friend of both reads the hidden one there (else it would prove nothing), and who blocked or was
blocked does not. Staff (who see everybody) and the admin are no part of this; nor is what one reported oneself.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core.personal_data import export_parts
from lists.models import Collection
from lists.services import entry_set
from lists.services.collection_items import ItemDraft, items_add
from lists.services.collection_social import favourite_add, reaction_set
from lists.services.collections import collection_create, collection_fork
from social.access import Target, get_anime_target, get_collection_target, get_post_target
from social.models import Comment, Post
from social.services.comment_votes import comment_vote_set
from social.services.comments import CommentDraft, comment_publish
from social.services.post_reactions import reaction_set as post_reaction_set
from social.services.posts import PostDraft, post_publish
from social.services.relations import friendship_request, person_block, person_follow
from tests.permissions.snapshots import table_contents

pytestmark = [pytest.mark.django_db, pytest.mark.either]
MARKS = ("alpaca", "badger")


@dataclass
class Author:
    """Somebody and everything that shows them; `mark` stands in each of their names and texts."""

    user: User
    mark: str
    collection: Collection
    post: Post
    said: dict[str, Comment]
    fork: Collection | None = None

    @property
    def name(self) -> str:
        return self.user.username


@dataclass
class World:
    """Two who are about to be parted, the friend of both, and the places of the friend where both have written."""

    one: Author
    two: Author
    friend: User
    anime: Anime
    collection: Collection
    post: Post
    told: Comment


def _person(name: str) -> User:
    user: User = UserFactory.create(username=f"Zz_{name}", display_name=f"{name} of Zz", bio=f"{name} words")
    for circle in ("profile", "activity", "online_status"):
        setattr(user, f"{circle}_visibility", "everyone")
    user.save()
    return user


def _say(author: User, target: Target, body: str, parent: Comment | None = None) -> Comment:
    draft = CommentDraft(body=body)
    return comment_publish(actor=author, target=target, draft=draft, parent_id=parent.pk if parent else None)


def _author(user: User, mark: str, anime: Anime) -> Author:
    collection = collection_create(actor=user, title=f"{mark} shelf", description=f"{mark} words", visibility="public")
    items_add(actor=user, collection=collection, drafts=[ItemDraft(anime_id=anime.pk, note=f"{mark} note")])
    entry_set(user=user, anime_id=anime.pk, status="completed", notes=f"{mark} notes")
    post = post_publish(actor=user, draft=PostDraft(title=f"{mark} title", body=f"{mark} words", category="general"))
    return Author(user, mark, collection, post, {})


def _befriend(one: User, other: User) -> None:
    friendship_request(actor=one, user_id=other.pk)
    friendship_request(actor=other, user_id=one.pk)
    person_follow(actor=one, user_id=other.pk)
    person_follow(actor=other, user_id=one.pk)


def _speak(world: World, author: Author, other: Author) -> None:
    """Comments in every kind of place, votes, bookmarks and copies of what is the other's and the friend's."""
    user, words = author.user, f"{author.mark} words"
    _befriend(user, world.friend)
    targets = {
        "anime": get_anime_target(user, world.anime.pk),
        "episode": get_anime_target(user, world.anime.pk, 1),
        "post": get_post_target(user, world.post.pk),
        "collection": get_collection_target(user, world.collection.pk),
    }
    for kind, target in targets.items():
        author.said[kind] = _say(user, target, words)
        _say(world.friend, target, "an answer of the friend", author.said[kind])
    _say(user, targets["post"], f"{words} @{world.friend.username}", world.told)
    comment_vote_set(actor=user, comment_id=world.told.pk, value=1)
    post_reaction_set(actor=user, post_id=world.post.pk)
    for reader in (other.user, world.friend):
        favourite_add(actor=reader, collection=author.collection)
        reaction_set(actor=reader, collection=author.collection, value="like")


def _forks(world: World) -> None:
    for reader, of in ((world.two, world.one), (world.one, world.two)):
        reader.fork = collection_fork(actor=reader.user, collection=of.collection, title="A copy")


@pytest.fixture
def world() -> World:
    """Everybody sees everybody: the two are friends, follow and answer each other too."""
    anime = AnimeFactory.create(document=True, episode_count=12)
    friend = _person("friend")
    collection = collection_create(actor=friend, title="Shelf of the friend", visibility="public")
    items_add(actor=friend, collection=collection, drafts=[ItemDraft(anime_id=anime.pk)])
    post = post_publish(actor=friend, draft=PostDraft(title="Of the friend", body="Hello", category="general"))
    one, two = (_author(_person(mark), mark, anime) for mark in MARKS)
    told = _say(friend, get_post_target(friend, post.pk), "Words of the friend")
    made = World(one, two, friend, anime, collection, post, told)
    _speak(made, one, two)
    _speak(made, two, one)
    _befriend(one.user, two.user)
    for author, other in ((one, two), (two, one)):
        _say(author.user, get_post_target(author.user, other.post.pk), f"{author.mark} answers")
        _say(author.user, get_post_target(author.user, post.pk), f"{author.mark} answers", other.said["post"])
    _forks(made)
    return made


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


Place = Callable[[World, Author], str]

LISTS: dict[str, Place] = {
    "people search": lambda w, _: "/api/v1/users/search?q=zz",
    "people search, page": lambda w, _: "/friends?q=zz",
    "people by id": lambda w, a: f"/api/v1/users/batch?ids={a.user.pk}",
    "own friends": lambda w, _: "/api/v1/friends",
    "own friends, page": lambda w, _: "/friends",
    "own followers, page": lambda w, _: "/friends?tab=followers",
    "own following, page": lambda w, _: "/friends?tab=following",
    "others' friends": lambda w, _: f"/api/v1/users/{w.friend.pk}/friends",
    "others' followers": lambda w, _: f"/api/v1/users/{w.friend.pk}/followers",
    "others' following": lambda w, _: f"/api/v1/users/{w.friend.pk}/following",
    "others' friends, page": lambda w, _: f"/users/{w.friend.username}/friends",
    "others' followers, page": lambda w, _: f"/users/{w.friend.username}/friends?tab=followers",
    "others' profile": lambda w, _: f"/users/{w.friend.username}",
    "collections": lambda w, _: "/api/v1/collections",
    "collections, page": lambda w, _: "/collections",
    "collections by a person": lambda w, a: f"/api/v1/collections?user_id={a.user.pk}",
    "collections kept": lambda w, _: "/api/v1/collections?is_favorite=true",
    "collections kept, page": lambda w, _: "/collections/mine?tab=favourites",
    "home": lambda w, _: "/",
    "comments of a collection": lambda w, _: f"/api/v1/collections/{w.collection.pk}/comments",
    "a collection, page": lambda w, _: f"/collections/{w.collection.pk}",
    "thread of a collection, page": lambda w, _: f"/threads/collection/{w.collection.pk}",
    "comments of an anime": lambda w, _: f"/api/v1/anime/{w.anime.pk}/comments",
    "comments of an episode": lambda w, _: f"/api/v1/anime/{w.anime.pk}/comments?episode=1",
    "thread of an anime, page": lambda w, _: f"/threads/anime/{w.anime.pk}",
    "thread of an episode, page": lambda w, _: f"/threads/anime/{w.anime.pk}/1",
    "comments of a post": lambda w, _: f"/api/v1/posts/{w.post.pk}/comments",
    "thread of a post, page": lambda w, _: f"/threads/post/{w.post.pk}",
    "answers": lambda w, _: f"/api/v1/comments/{w.told.pk}/replies",
    "answers, page": lambda w, _: f"/comments/{w.told.pk}/replies",
    "a comment that others answered": lambda w, a: f"/api/v1/comments/{a.said['anime'].pk}",
    "posts": lambda w, _: "/api/v1/posts",
    "top posts": lambda w, _: "/api/v1/posts/top",
    "community, page": lambda w, _: "/community",
    "community category, page": lambda w, _: "/community/general?sort=top",
    "posts looked for, page": lambda w, _: "/community?q=title",
    "a post, page": lambda w, _: f"/community/posts/{w.post.pk}",
    "posts looked for": lambda w, _: "/api/v1/posts?q=title",
    "feed of friends": lambda w, _: "/api/v1/feed",
    "feed of everybody": lambda w, _: "/api/v1/feed?scope=public",
    "feed of friends, page": lambda w, _: "/feed",
    "feed of everybody, page": lambda w, _: "/feed?tab=public",
    "notifications": lambda w, _: "/api/v1/notifications",
    "notifications, page": lambda w, _: "/notifications",
    "notifications, panel": lambda w, _: "/notifications/panel",
}
"""Where the hidden one is among others: 200, without them."""

ADDRESSES: dict[str, Place] = {
    "profile": lambda w, a: f"/api/v1/users/{a.name}",
    "profile, page": lambda w, a: f"/users/{a.name}",
    "friends": lambda w, a: f"/api/v1/users/{a.user.pk}/friends",
    "friends in common": lambda w, a: f"/api/v1/users/{a.user.pk}/mutual-friends",
    "followers": lambda w, a: f"/api/v1/users/{a.user.pk}/followers",
    "following": lambda w, a: f"/api/v1/users/{a.user.pk}/following",
    "friends, page": lambda w, a: f"/users/{a.name}/friends",
    "menu of a person": lambda w, a: f"/people/{a.user.pk}/menu",
    "list": lambda w, a: f"/api/v1/users/{a.name}/anime-list",
    "list, page (with compatibility)": lambda w, a: f"/users/{a.name}/list",
    "history": lambda w, a: f"/api/v1/users/{a.name}/anime-list/history",
    "statistics": lambda w, a: f"/api/v1/users/{a.name}/anime-list/statistics",
    "statistics, page": lambda w, a: f"/users/{a.name}/statistics",
    "year": lambda w, a: f"/api/v1/users/{a.name}/anime-list/years/2026",
    "year, page": lambda w, a: f"/users/{a.name}/year/2026",
    "activity": lambda w, a: f"/api/v1/users/{a.name}/feed",
    "activity, page": lambda w, a: f"/users/{a.name}/activity",
    "comments of a person": lambda w, a: f"/api/v1/users/{a.name}/comments",
    "posts of a person": lambda w, a: f"/api/v1/posts?author={a.name}",
    "posts of a person, page": lambda w, a: f"/community?by={a.name}",
    "collections of a person, page": lambda w, a: f"/collections?by={a.name}",
    "collection": lambda w, a: f"/api/v1/collections/{a.collection.pk}",
    "its items": lambda w, a: f"/api/v1/collections/{a.collection.pk}/items",
    "its groups": lambda w, a: f"/api/v1/collections/{a.collection.pk}/groups",
    "its reactions": lambda w, a: f"/api/v1/collections/{a.collection.pk}/social",
    "its comments": lambda w, a: f"/api/v1/collections/{a.collection.pk}/comments",
    "its challenge": lambda w, a: f"/api/v1/collections/{a.collection.pk}/challenge/progress",
    "collection, page": lambda w, a: f"/collections/{a.collection.pk}",
    "thread of a collection, page": lambda w, a: f"/threads/collection/{a.collection.pk}",
    "post": lambda w, a: f"/api/v1/posts/{a.post.pk}",
    "post, page": lambda w, a: f"/community/posts/{a.post.pk}",
    "its earlier texts, page": lambda w, a: f"/community/posts/{a.post.pk}/revisions",
    "its earlier texts": lambda w, a: f"/api/v1/posts/{a.post.pk}/revisions",
    "comments of a post": lambda w, a: f"/api/v1/posts/{a.post.pk}/comments",
    "thread of a post, page": lambda w, a: f"/threads/post/{a.post.pk}",
}
"""What is the hidden one's own: 404, as for nobody."""

Body = Callable[[World, Author], dict[str, Any]]
WRITES: dict[str, tuple[str, Place, Body]] = {
    "react to a collection": (
        "POST",
        lambda w, a: f"/api/v1/collections/{a.collection.pk}/reaction",
        lambda w, a: {"reaction": "dislike"},
    ),
    "keep a collection": ("POST", lambda w, a: f"/api/v1/collections/{a.collection.pk}/favorite", lambda w, a: {}),
    "copy a collection": ("POST", lambda w, a: f"/api/v1/collections/{a.collection.pk}/fork", lambda w, a: {}),
    "count a look": ("POST", lambda w, a: f"/api/v1/collections/{a.collection.pk}/view", lambda w, a: {}),
    "comment a collection": (
        "POST",
        lambda w, a: f"/api/v1/collections/{a.collection.pk}/comments",
        lambda w, a: {"body": "hi"},
    ),
    "comment a post": ("POST", lambda w, a: f"/api/v1/posts/{a.post.pk}/comments", lambda w, a: {"body": "hi"}),
    "answer": (
        "POST",
        lambda w, a: f"/api/v1/anime/{w.anime.pk}/comments",
        lambda w, a: {"body": "hi", "parent_id": str(a.said["anime"].pk)},
    ),
    "vote": ("POST", lambda w, a: f"/api/v1/comments/{a.said['anime'].pk}/vote", lambda w, a: {"value": 1}),
    "react to a post": ("POST", lambda w, a: f"/api/v1/posts/{a.post.pk}/reaction", lambda w, a: {"kind": "like"}),
}
"""What nobody does across a block: 404, and nothing changes."""

DIRECTIONS = pytest.mark.parametrize("reads", ["who blocked", "who was blocked"])


def _parted(world: World, reads: str) -> tuple[Author, Author]:
    """Block, and who reads then, and who is hidden from them."""
    person_block(actor=world.one.user, user_id=world.two.user.pk)
    return (world.one, world.two) if reads == "who blocked" else (world.two, world.one)


def _text(answer: HttpResponse) -> str:
    return answer.content.decode().lower()


@DIRECTIONS
def test_nobody_is_among_others_across_a_block(world: World, reads: str) -> None:
    hidden = world.two if reads == "who blocked" else world.one
    theirs = _client(world.friend)
    blind = []
    for name, place in LISTS.items():
        answer = theirs.get(place(world, hidden))
        if answer.status_code != 200 or hidden.mark not in _text(answer):
            blind.append(f"{name}: {answer.status_code}")
    assert not blind, "places that show nobody to a friend either, so they prove nothing"
    reader, hidden = _parted(world, reads)
    mine = _client(reader.user)
    leaks = []
    for name, place in LISTS.items():
        answer = mine.get(place(world, hidden))
        text = _text(answer)
        if answer.status_code != 200 or hidden.mark in text:
            at = text.find(hidden.mark)
            leaks.append(f"{name}: {answer.status_code} …{text[max(0, at - 120) : at + 80]}…")
    assert not leaks, "\n".join(leaks)


@DIRECTIONS
def test_what_is_somebodys_own_is_not_there_across_a_block(world: World, reads: str) -> None:
    hidden = world.two if reads == "who blocked" else world.one
    theirs = _client(world.friend)
    closed = {name: theirs.get(place(world, hidden)).status_code for name, place in ADDRESSES.items()}
    assert {name for name, status in closed.items() if status != 200} == set()
    reader, hidden = _parted(world, reads)
    mine = _client(reader.user)
    open_still = {name: mine.get(place(world, hidden)).status_code for name, place in ADDRESSES.items()}
    assert {name: status for name, status in open_still.items() if status != 404} == {}


@DIRECTIONS
def test_nothing_is_done_across_a_block(world: World, reads: str) -> None:
    reader, hidden = _parted(world, reads)
    mine = _client(reader.user)
    tables = sorted(name for name in connection.introspection.table_names() if name.startswith(("social_", "lists_")))
    before, done = table_contents(tables), {}
    for name, (method, place, body) in WRITES.items():
        raw = json.dumps(body(world, hidden)).encode()
        answer = mine.generic(method, place(world, hidden), raw, content_type="application/json")
        done[name] = answer.status_code
    assert {name: status for name, status in done.items() if status != 404} == {}
    assert table_contents(tables) == before


@DIRECTIONS
def test_a_copy_names_nobody_across_a_block(world: World, reads: str) -> None:
    """What was copied stays; of whom, is told no more."""
    reader, hidden = _parted(world, reads)
    fork, mine = reader.fork, _client(reader.user)
    assert fork is not None
    assert mine.get(f"/api/v1/collections/{fork.pk}").json()["forked_from_id"] is None
    page = _text(mine.get(f"/collections/{fork.pk}"))
    assert hidden.name.lower() not in page
    assert f"{hidden.mark} shelf" not in page


@DIRECTIONS
def test_a_mention_reaches_nobody_across_a_block(world: World, reads: str) -> None:
    reader, hidden = _parted(world, reads)
    comment = _say(reader.user, get_anime_target(reader.user, world.anime.pk), f"hello @{hidden.name}")
    assert f"/users/{hidden.name}" not in comment.html
    assert not hidden.user.notifications.filter(kind="mention", actors__user=reader.user).exists()


def test_strangers_and_the_friend_see_both_still(world: World) -> None:
    """A block parts two people and takes nothing from others."""
    person_block(actor=world.one.user, user_id=world.two.user.pk)
    for reader in (_client(world.friend), Client()):
        for path in (f"/api/v1/anime/{world.anime.pk}/comments", "/api/v1/posts", "/api/v1/users/search?q=zz"):
            text = _text(reader.get(path))
            assert [mark for mark in MARKS if mark not in text] == [], path


@DIRECTIONS
def test_the_export_of_ones_data_names_nobody_across_a_block(world: World, reads: str) -> None:
    """One's bookmarks are one's own, the titles on them are not; what one copied has become one's own, words and all."""
    hidden = world.two if reads == "who blocked" else world.one
    told = json.dumps([list(part.rows(world.friend)) for part in export_parts()], default=str).lower()
    assert hidden.mark in told
    reader, hidden = _parted(world, reads)
    names = {part.name: json.dumps(list(part.rows(reader.user)), default=str).lower() for part in export_parts()}
    own = {"lists/collections", "lists/collection-items"} | ({"social/blocks"} if reads == "who blocked" else set())
    assert {name for name, rows in names.items() if hidden.mark in rows} == own
