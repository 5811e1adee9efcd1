"""`/friends` and what one is to `/users/{userID}`, over HTTP."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from core.throttles import throttle_hit
from social.limits import RELATIONS
from social.models import Block, Follow, Friendship
from social.tests.people import asked, blocks, follows, friends
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

LISTS = ("friends", "mutual-friends", "followers", "following")


@pytest.fixture
def me() -> User:
    return UserFactory.create(username="Me_myself")


@pytest.fixture
def other() -> User:
    return UserFactory.create(username="Other_one")


def call(user: User | None, method: str, path: str, body: Any = None) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    raw = b"" if body is None else json.dumps(body).encode()
    return client.generic(method, f"/api/v1/{path}", raw, content_type="application/json")


def names(user: User | None, path: str) -> list[str]:
    answer = call(user, "GET", path)
    assert answer.status_code == 200, answer.content
    return [row["user"]["username"] for row in answer.json()["results"]]


def error(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_asking_and_accepting(me: User, other: User) -> None:
    answer = call(me, "POST", "friends/request", {"user_id": str(other.pk)})
    made = answer.json()
    assert (answer.status_code, made["status"], made["direction"]) == (201, "pending", "outgoing")
    assert (made["user"]["username"], made["accepted_at"]) == ("Other_one", None)
    (waiting,) = call(other, "GET", "friends").json()["results"]
    assert (waiting["id"], waiting["direction"], waiting["user"]["username"]) == (made["id"], "incoming", "Me_myself")
    assert error(call(me, "POST", "friends/request", {"user_id": str(other.pk)})) == (409, "already_requested")
    assert error(call(me, "POST", f"friends/{made['id']}/accept")) == (404, "not_found")
    answer = call(other, "POST", f"friends/{made['id']}/accept")
    assert (answer.status_code, answer.json()["status"], answer.json()["direction"]) == (200, "accepted", None)
    assert error(call(other, "POST", f"friends/{made['id']}/accept")) == (409, "already_friends")
    assert names(me, "friends?status=friends") == ["Other_one"]
    assert names(None, f"users/{me.pk}/friends") == ["Other_one"]
    assert call(me, "DELETE", f"friends/{made['id']}").status_code == 204
    assert error(call(me, "DELETE", f"friends/{made['id']}")) == (404, "not_found")
    assert names(other, "friends") == []


def test_requests_that_cross_and_declining(me: User, other: User) -> None:
    row = asked(other, me)
    assert call(me, "POST", f"friends/{row.pk}/reject").status_code == 204
    assert not Friendship.objects.exists()
    asked(other, me)
    answer = call(me, "POST", "friends/request", {"user_id": str(other.pk)})
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")


@pytest.mark.parametrize("body", [{}, {"user_id": "Other_one"}, {"user_id": None}, {"user_id": "\x00"}, [], "x", 7])
def test_a_request_names_somebody(me: User, body: Any) -> None:
    assert error(call(me, "POST", "friends/request", body)) == (422, "validation_failed")


def test_with_whom_nothing_can_be(me: User, other: User) -> None:
    blocked, blocker, leaving = UserFactory.create_batch(3)
    blocks(me, blocked)
    blocks(blocker, me)
    User.objects.filter(pk=leaving.pk).update(deletion_due_at=timezone.now() + timedelta(days=7))
    for path, method in (("friends/request", "POST"), ("follow", "POST"), ("block", "POST")):

        def act(user_id: uuid.UUID, path: str = path, method: str = method) -> tuple[int, str]:
            body = {"user_id": str(user_id)} if path == "friends/request" else None
            return error(call(me, method, path if body else f"users/{user_id}/{path}", body))

        assert act(me.pk) == (400, "with_oneself")
        for gone in (blocker.pk, leaving.pk, uuid.uuid4()):
            assert act(gone) == (404, "not_found")
        if path != "block":
            assert act(blocked.pk) == (403, "blocked")
    assert Block.objects.count() == 2
    assert not Follow.objects.exists()
    assert not Friendship.objects.exists()


def test_following(me: User, other: User) -> None:
    for _ in range(2):
        answer = call(me, "POST", f"users/{other.pk}/follow")
        assert (answer.status_code, answer.json()["is_followed"], answer.json()["is_friend"]) == (200, True, False)
    assert names(None, f"users/{other.pk}/followers") == ["Me_myself"]
    assert names(None, f"users/{me.pk}/following") == ["Other_one"]
    for _ in range(2):
        assert call(me, "DELETE", f"users/{other.pk}/follow").status_code == 204
    assert names(None, f"users/{other.pk}/followers") == []
    assert call(me, "GET", f"users/{uuid.uuid4()}/relation").json()["is_followed"] is False


def test_blocking(me: User, other: User) -> None:
    row = friends(me, other)
    answer = call(me, "POST", f"friends/{row.pk}/block")
    assert (answer.status_code, answer.json()["is_blocked"], answer.json()["is_friend"]) == (200, True, False)
    assert names(me, "friends") == names(other, "friends") == []
    assert names(me, "friends/blocked") == ["Other_one"]
    assert names(other, "friends/blocked") == []
    assert call(other, "GET", f"users/{me.pk}/relation").json()["is_blocked"] is False
    assert call(other, "DELETE", f"users/{me.pk}/block").status_code == 204  # there was none of theirs
    assert Block.objects.count() == 1
    for reader, hidden in ((me, other), (other, me)):
        for path in LISTS:
            assert error(call(reader, "GET", f"users/{hidden.pk}/{path}")) == (404, "not_found")
    for _ in range(2):
        assert call(me, "DELETE", f"users/{other.pk}/block").status_code == 204
    assert call(me, "POST", f"users/{other.pk}/block").json()["is_blocked"] is True
    assert names(me, "friends/blocked") == ["Other_one"]


def test_whose_friends_are_shown_to_whom(me: User, other: User) -> None:
    """By the owner's profile, and by the profiles of those who would be named."""
    owner, friend, for_friends, for_nobody, suspended, hidden = (
        UserFactory.create(username=name)
        for name in ("owner_", "friend_", "for_friends", "for_nobody", "suspended_", "hidden_")
    )
    for found in (friend, for_friends, for_nobody, suspended, hidden):
        friends(owner, found)
    friends(me, for_friends)
    User.objects.filter(pk=for_friends.pk).update(profile_visibility="friends")
    User.objects.filter(pk=for_nobody.pk).update(profile_visibility="nobody")
    User.objects.filter(pk=suspended.pk).update(is_active=False)
    blocks(hidden, me)
    path = f"users/{owner.pk}/friends"
    assert set(names(me, path)) == {"friend_", "for_friends"}
    assert set(names(other, path)) == {"friend_", "hidden_"}
    assert names(me, f"users/{owner.pk}/mutual-friends") == ["for_friends"]
    assert set(names(owner, "friends")) == {"friend_", "for_friends", "for_nobody", "hidden_"}
    assert call(me, "GET", path).json()["count"] == 2
    User.objects.filter(pk=owner.pk).update(profile_visibility="friends")
    for found in LISTS:
        assert error(call(other, "GET", f"users/{owner.pk}/{found}")) == (404, "not_found")
    assert set(names(friend, path)) == {"friend_", "hidden_"}
    User.objects.filter(pk=owner.pk).update(profile_visibility="nobody")
    assert error(call(friend, "GET", path)) == (404, "not_found")
    assert set(names(owner, path)) == {
        "friend_",
        "for_friends",
        "hidden_",
    }  # who shows themselves to nobody is named to nobody


def test_online_is_shown_to_friends_alone(me: User, other: User) -> None:
    seen_at = timezone.now()
    User.objects.filter(pk=other.pk).update(last_seen_at=seen_at, online_status_visibility="friends")
    row = asked(other, me)
    assert "last_seen_at" not in call(me, "GET", "friends").json()["results"][0]["user"]
    call(me, "POST", f"friends/{row.pk}/accept")
    assert call(me, "GET", "friends").json()["results"][0]["user"]["last_seen_at"]
    User.objects.filter(pk=other.pk).update(online_status_visibility="nobody")
    assert "last_seen_at" not in call(me, "GET", "friends").json()["results"][0]["user"]


def test_order_and_pages(me: User) -> None:
    people = [UserFactory.create(username=f"p_{n}") for n in range(6)]
    for found in people[:2]:
        friends(me, found)
    for found in people[2:4]:
        asked(me, found)
    for found in people[4:]:
        asked(found, me)
    assert names(me, "friends") == ["p_5", "p_4", "p_3", "p_2", "p_1", "p_0"]
    body = call(me, "GET", "friends?page_size=4&page=2").json()
    assert (body["count"], body["next"], body["previous"]) == (6, None, "/api/v1/friends?page_size=4&page=1")
    assert [row["user"]["username"] for row in body["results"]] == ["p_1", "p_0"]
    assert call(me, "GET", "friends?page_size=6&page=2").json()["count"] == 6
    assert names(me, "friends?status=incoming") == ["p_5", "p_4"]
    assert names(me, "friends?status=outgoing") == ["p_3", "p_2"]
    for query, status in (("status=blocked", 422), ("page=0", 422), ("page_size=101", 422), ("who=me", 400)):
        assert call(me, "GET", f"friends?{query}").status_code == status


def test_thirty_requests_an_hour(me: User) -> None:
    """Reference: "Rate-limited to 30/hour per user"; what is refused takes none of them away."""
    cache.clear()
    for _ in range(3):
        refused = call(me, "POST", "friends/request", {"user_id": str(uuid.uuid4())})
        assert (refused.status_code, refused["X-RateLimit-Limit"], refused["X-RateLimit-Remaining"]) == (
            404,
            "30",
            "30",
        )
    people = UserFactory.create_batch(31)
    codes = [call(me, "POST", "friends/request", {"user_id": str(one.pk)}).status_code for one in people[:30]]
    assert codes == [201] * 30
    answer = call(me, "POST", "friends/request", {"user_id": str(people[30].pk)})
    assert error(answer) == (429, "rate_limited")
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize("size", [2, 7])
def test_as_many_queries_for_many_as_for_few(me: User, other: User, size: int) -> None:
    for number, person in enumerate(UserFactory.create_batch(size)):
        User.objects.filter(pk=person.pk).update(profile_visibility="friends" if number % 2 else "everyone")
        friends(me, person)
        friends(other, person)
        follows(person, other)
        follows(other, person)
    blocks(me, UserFactory.create())
    client = Client()
    client.force_login(me)
    for key, path in (
        ("GET friends", "friends"),
        ("GET friends/blocked", "friends/blocked"),
        ("GET users/id/friends", f"users/{other.pk}/friends"),
        ("GET users/id/mutual-friends", f"users/{other.pk}/mutual-friends"),
        ("GET users/id/followers", f"users/{other.pk}/followers"),
        ("GET users/id/following", f"users/{other.pk}/following"),
        ("GET users/id/relation", f"users/{other.pk}/relation"),
    ):
        with assert_queries(f"social/{key}"):
            assert client.get(f"/api/v1/{path}").status_code == 200


def test_guesses_are_limited_too(me: User) -> None:
    cache.clear()
    throttle_hit(RELATIONS, f"u{me.pk}", times=RELATIONS.times - 1)
    codes = [call(me, "POST", "friends/request", {"user_id": str(uuid.uuid4())}).status_code for _ in range(2)]
    assert codes == [404, 429]
