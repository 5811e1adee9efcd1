"""The API of comments: success, strangers, bad input, in a constant number of queries."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.services.api_keys import api_key_create
from accounts.services.mutes import user_mute
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.api.scopes import Scope
from lists.tests.collections import collection_of
from social.access import get_collection_target, get_post_target
from social.models import Block, Comment
from social.selectors.thread_counts import anime_thread_counts, episode_comment_count
from social.services.comments import comment_delete
from social.services.threads import thread_lock
from social.tests.comments import said, target_of
from social.tests.posts import post_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


def call(user: User | None, method: str, path: str, body: Any = None) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.generic(method, f"/api/v1/{path}", _json(body), content_type="application/json")


def _json(body: Any) -> bytes:
    import orjson

    return b"" if body is None else orjson.dumps(body)


@pytest.fixture
def author() -> User:
    return UserFactory.create()


@pytest.fixture
def reader() -> User:
    return UserFactory.create()


def test_a_conversation(author: User, reader: User) -> None:
    anime = AnimeFactory.create(episode_count=12)
    path = f"anime/{anime.pk}/comments"
    assert call(None, "GET", path).json() == {
        "count": 0, "sort": "best", "is_locked": False, "next": None, "previous": None, "results": [],
    }  # fmt: skip
    assert call(None, "POST", path, {"body": "x"}).status_code == 401
    made = call(author, "POST", path, {"body": "**hi** ||there||", "nonce": "1"})
    first = made.json()
    assert (made.status_code, first["author"]["username"], first["can_edit"]) == (201, author.username, True)
    assert call(author, "POST", path, {"body": "again", "nonce": "1"}).json()["id"] == first["id"]
    answer = call(reader, "POST", path, {"body": "yes", "parent_id": first["id"], "spoils_episode": 9}).json()
    page = call(None, "GET", path).json()
    assert (page["count"], page["results"][0]["replies"][0]["id"]) == (2, answer["id"])
    assert page["results"][0]["replies"][0]["is_covered"] is True
    assert call(reader, "POST", f"comments/{first['id']}/vote", {"value": 1}).json() == {
        "id": first["id"], "up_votes": 1, "down_votes": 0, "score": 1, "my_vote": 1,
    }  # fmt: skip
    assert call(reader, "GET", path).json()["results"][0]["my_vote"] == 1
    assert call(reader, "DELETE", f"comments/{first['id']}/vote").json()["score"] == 0
    trail = call(None, "GET", f"comments/{answer['id']}").json()
    assert (trail["target"]["anime_id"], [one["id"] for one in trail["ancestors"]]) == (anime.pk, [first["id"]])
    changed = call(author, "PATCH", f"comments/{first['id']}", {"body": "changed"}).json()
    assert (changed["body"], changed["edited_at"] is not None, changed["reply_count"]) == ("changed", True, 1)
    assert call(author, "DELETE", f"comments/{first['id']}").status_code == 204
    (place,) = call(None, "GET", path).json()["results"]
    assert (place["is_gone"], place["author"], place["body"], place["html"]) == (True, None, "", "")


def test_episodes_have_threads_of_their_own(author: User) -> None:
    anime = AnimeFactory.create(episode_count=12)
    for address, body in ((f"anime/{anime.pk}/comments?episode=3", {}), (f"anime/{anime.pk}/comments", {"episode": 3})):
        made = call(author, "POST", address, {"body": "at 1:05", **body}).json()
        assert (made["spoils_episode"], f"/watch/{anime.pk}/3?t=65" in made["html"]) == (3, True)
    assert call(None, "GET", f"anime/{anime.pk}/comments").json()["count"] == 0
    assert call(None, "GET", f"anime/{anime.pk}/comments?episode=3").json()["count"] == 2
    for bad in ("?episode=13", "?episode=x", "?sort=loud", "?cursor=x", "?page_size=0", "?page_size=101"):
        assert call(None, "GET", f"anime/{anime.pk}/comments{bad}").status_code == 422
    assert call(None, "GET", f"anime/{anime.pk}/comments?author=1").status_code == 400
    assert call(None, "GET", "anime/999999999/comments").status_code == 404


def test_pages_lead_to_each_other(author: User) -> None:
    anime = AnimeFactory.create()
    target = target_of(author, anime)
    top = said(author, target, "top")
    for number in range(7):
        said(author, target, str(number), to=top)
        said(author, target, f"other {number}")
    address, found = f"anime/{anime.pk}/comments?sort=old&page_size=3", []
    while address:
        page = call(None, "GET", address).json()
        found += [row["body"] for row in page["results"]]
        address = (page["next"] or "").removeprefix("/api/v1/")
    assert found == ["top", *(f"other {number}" for number in range(7))]
    (first,) = call(None, "GET", f"anime/{anime.pk}/comments?sort=old&page_size=1").json()["results"]
    rest = f"comments/{top.pk}/replies?sort=old&cursor={first['replies_cursor']}"
    assert [row["body"] for row in call(None, "GET", rest).json()["results"]] == ["3", "4", "5", "6"]
    assert call(None, "GET", rest.replace("sort=old", "sort=new")).status_code == 422


def test_a_page_is_read_in_as_many_queries_as_a_larger_one(author: User, reader: User) -> None:
    target = target_of(author, anime := AnimeFactory.create())
    client = Client()
    client.force_login(reader)
    for _ in range(2):
        for _ in range(5):
            said(reader, target, to=said(author, target, to=said(author, target, spoils_episode=2)))
        with assert_queries("social/GET anime/{id}/comments"):
            assert client.get(f"/api/v1/anime/{anime.pk}/comments").status_code == 200
    top = Comment.objects.filter(parent=None).earliest("pk")
    with assert_queries("social/GET comments/{id}"):
        assert client.get(f"/api/v1/comments/{top.pk}").status_code == 200
    with assert_queries("social/GET comments/{id}/replies"):
        assert client.get(f"/api/v1/comments/{top.pk}/replies").status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"body": ""}, {"body": " \n"}, {"body": "x" * 10_001}, {"body": "x" * 100_000}, {"body": "a\x00"},
             {"body": None}, {"body": ["x"]}, {"body": "x", "parent_id": "y"}, {"body": "x", "spoils_episode": -1},
             {"body": "x", "nonce": "n" * 65}, {"body": "x", "is_spoiler": "perhaps"}]
)  # fmt: skip
def test_bad_input(author: User, body: Any) -> None:
    answer = call(author, "POST", f"anime/{AnimeFactory.create().pk}/comments", body)
    assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")
    assert not Comment.objects.exists()


def test_who_is_refused_and_how(author: User, reader: User) -> None:
    anime = AnimeFactory.create()
    comment = said(author, target_of(author, anime))
    path = f"anime/{anime.pk}/comments"
    assert call(author, "POST", f"comments/{comment.pk}/vote", {"value": 1}).json()["error"] == "with_oneself"
    assert call(reader, "POST", f"comments/{comment.pk}/vote", {"value": 5}).status_code == 422
    user_mute(actor=UserFactory.create(role="moderator"), user=reader, duration=_hour())
    answer = call(reader, "POST", path, {"body": "x"})
    assert (answer.status_code, answer.json()["error"]) == (403, "muted")
    assert answer.json()["muted_until"].endswith("Z")
    Block.objects.create(blocker=author, blocked=(other := UserFactory.create()))
    for method, tail, body in (("POST", "/vote", {"value": 1}), ("DELETE", "", None), ("PATCH", "", {"body": "x"})):
        assert call(other, method, f"comments/{comment.pk}{tail}", body).status_code == 404
    assert call(other, "POST", path, {"body": "x", "parent_id": str(comment.pk)}).status_code == 404
    assert call(other, "GET", path).json()["results"] == []
    comment_delete(actor=author, comment_id=comment.pk)
    for method, tail, body in (("POST", "/vote", {"value": 1}), ("DELETE", "", None), ("PATCH", "", {"body": "x"})):
        actor = author if method != "POST" else UserFactory.create()
        answer = call(actor, method, f"comments/{comment.pk}{tail}", body)
        assert (answer.status_code, answer.json()["error"]) == (409, "comment_deleted")


def _hour() -> Any:
    from datetime import timedelta

    return timedelta(hours=1)


def test_ten_a_minute(author: User) -> None:
    path = f"anime/{AnimeFactory.create().pk}/comments"
    answers = [call(author, "POST", path, {"body": str(n)}) for n in range(21)]  # a minute may turn meanwhile
    assert {answer.status_code for answer in answers[:10]} == {201}
    assert answers[-1].status_code == 429


def test_hidden_and_adult_anime_have_no_open_conversation(author: User) -> None:
    hidden, adult = AnimeFactory.create(hidden=True), AnimeFactory.create(adult=True)
    assert call(author, "GET", f"anime/{hidden.pk}/comments").status_code == 410
    assert call(author, "POST", f"anime/{hidden.pk}/comments", {"body": "x"}).status_code == 410
    assert call(author, "GET", f"anime/{adult.pk}/comments").json()["error"] == "adult_not_allowed"


def test_a_preview_keeps_nothing(author: User) -> None:
    anime = AnimeFactory.create(episode_count=3)
    body = {"body": f"**b** 0:10 @{author.username}", "anime_id": anime.pk, "episode": 2}
    html = call(author, "POST", "comments/preview", body).json()["html"]
    assert "<strong>b</strong>" in html
    assert f"/watch/{anime.pk}/2?t=10" in html
    assert call(author, "POST", "comments/preview", {"body": ""}).json() == {"html": ""}
    assert call(author, "POST", "comments/preview", {"body": "x" * 20_001}).status_code == 422
    assert not Comment.objects.exists()


def test_what_a_person_wrote_as_far_as_it_may_be_seen(author: User, reader: User) -> None:
    said(author, target_of(author, AnimeFactory.create(title="Shown")), "open")
    staff = UserFactory.create(role="admin")
    said(author, target_of(staff, AnimeFactory.create(hidden=True)), "of a hidden one")
    said(author, target_of(staff, AnimeFactory.create(adult=True)), "of an adult one")
    for visibility in ("private", "unlisted", "public"):
        shelf = collection_of(author, visibility=visibility, title=visibility)
        said(author, get_collection_target(author, shelf.pk), f"under a {visibility} one")
    gone = said(author, target_of(author, AnimeFactory.create()), "taken back")
    comment_delete(actor=author, comment_id=gone.pk)
    path = f"users/{author.username}/comments"
    with assert_queries("social/GET users/{username}/comments"):
        rows = Client().get(f"/api/v1/{path}").json()["results"]
    assert [row["comment"]["body"] for row in rows] == ["under a public one", "open"]
    assert [row["target"]["title"] for row in rows] == ["public", "Shown"]
    page = call(reader, "GET", f"{path}?page_size=1").json()
    rest = call(reader, "GET", page["next"].removeprefix("/api/v1/")).json()
    assert [row["comment"]["body"] for row in rest["results"]] == ["open"]
    assert call(reader, "GET", f"{path}?cursor=x").status_code == 422
    User.objects.filter(pk=author.pk).update(profile_visibility="nobody")
    assert call(reader, "GET", path).json()["results"] == []
    Block.objects.create(blocker=author, blocked=reader)
    assert call(reader, "GET", path).status_code == 404


def test_a_key_carries_no_rights_of_staff(author: User) -> None:
    """docs/api.md: "Keys carry their person's role, never staff rights"."""
    staff = UserFactory.create(role="moderator")
    key = api_key_create(user=staff, name="k", scopes=[Scope.SOCIAL_READ, Scope.SOCIAL_WRITE]).token
    anime = AnimeFactory.create()
    comment, own = said(author, target_of(author, anime)), said(staff, target_of(staff, anime))

    def by_key(method: str, path: str, body: Any = None) -> tuple[int, str]:
        client = Client(HTTP_X_API_KEY=key)
        answer = client.generic(method, f"/api/v1/{path}", _json(body), content_type="application/json")
        return answer.status_code, answer.json()["error"] if answer.status_code >= 400 else ""

    assert by_key("DELETE", f"comments/{comment.pk}") == (404, "not_found")
    thread_lock(actor=staff, thread_id=comment.thread_id, is_locked=True)
    assert by_key("POST", f"anime/{anime.pk}/comments", {"body": "x"}) == (409, "thread_locked")
    assert by_key("PATCH", f"comments/{own.pk}", {"body": "x"}) == (409, "thread_locked")
    assert call(staff, "PATCH", f"comments/{own.pk}", {"body": "x"}).status_code == 200
    assert by_key("DELETE", f"comments/{own.pk}") == (204, "")
    assert call(staff, "DELETE", f"comments/{comment.pk}").status_code == 204


def test_counts_are_what_the_reader_may_read(author: User, reader: User) -> None:
    anime, other = AnimeFactory.create(episode_count=3), UserFactory.create()
    post = post_of(author)
    for target in (target_of(author, anime), target_of(author, anime, 2), get_post_target(author, post.pk)):
        top = said(author, target)
        said(reader, target, to=top)
        said(other, target, to=top)
        comment_delete(actor=reader, comment_id=said(reader, target).pk)
    Block.objects.create(blocker=other, blocked=UserFactory.create())

    def counts(user: User | None) -> list[int]:
        pages = [f"anime/{anime.pk}/comments", f"anime/{anime.pk}/comments?episode=2", f"posts/{post.pk}/comments"]
        found = [call(user, "GET", page).json()["count"] for page in pages]
        found.append(call(user, "GET", f"comments/{top.pk}/replies").json()["count"])
        found.append(call(user, "GET", f"posts/{post.pk}").json()["comment_count"])
        return [*found, call(user, "GET", "posts").json()["results"][0]["comment_count"]]

    staff, viewer = UserFactory.create(role="moderator"), other
    assert counts(viewer) == [3] * 6
    Block.objects.create(blocker=viewer, blocked=reader)
    Block.objects.create(blocker=staff, blocked=reader)
    assert counts(viewer) == [2] * 6
    assert counts(None) == counts(staff) == [3] * 6
    shown = anime_thread_counts(viewer, anime.pk)
    assert (shown.whole, shown.episodes, episode_comment_count(viewer, anime.pk, 2)) == (2, ((2, 2),), 2)
    assert counts(reader) == [2] * 6


class TestCollections:
    """The rows of the reference: an array, newest first."""

    def test_comments(self, author: User, reader: User) -> None:
        found = collection_of(author)
        path = f"collections/{found.pk}/comments"
        for n in range(3):
            made = call(reader, "POST", path, {"body": f" <b>{n}</b> "})
            assert (made.status_code, made.json()["author"]["username"]) == (201, reader.username)
            assert made.json()["collection_id"] == str(found.pk)
        client = Client()
        with assert_queries("social/GET collections/{id}/comments"):
            rows = client.get(f"/api/v1/{path}").json()
        assert [row["body"] for row in rows] == ["<b>2</b>", "<b>1</b>", "<b>0</b>"]
        target = get_collection_target(author, found.pk)
        for _ in range(5):
            said(UserFactory.create(), target, "more")
        with assert_queries("social/GET collections/{id}/comments"):
            assert len(client.get(f"/api/v1/{path}").json()) == 8
        assert len(call(None, "GET", f"{path}?limit=2&before={rows[0]['id']}").json()) == 2
        assert len(call(None, "GET", f"{path}?limit=201").json()) == 8
        for bad in ("?limit=x", "?limit=0", "?before=x"):
            assert call(None, "GET", path + bad).status_code == 422
        for body in ({}, {"body": ""}, {"body": "x" * 2_001}, {"body": "\x00"}):
            assert call(reader, "POST", path, body).status_code == 422
        hidden = collection_of(author, visibility="private")
        for method, body in (("GET", None), ("POST", {"body": "x"})):
            assert call(reader, method, f"collections/{hidden.pk}/comments", body).status_code == 404

    def test_fifty_unless_said_and_two_hundred_at_most(self, author: User) -> None:
        """Reference: "`limit` query (default 50, max 200) caps the page"."""
        found = collection_of(author)
        first = said(author, get_collection_target(author, found.pk))
        more = [
            Comment(thread=first.thread, author=author, body="x", html="x", created_at=first.created_at)
            for _ in range(200)
        ]
        Comment.objects.bulk_create(more)
        path = f"collections/{found.pk}/comments"
        assert [len(call(None, "GET", path + query).json()) for query in ("", "?limit=200", "?limit=5000")] == [
            50,
            200,
            200,
        ]

    def test_who_deletes(self, author: User, reader: User) -> None:
        target = get_collection_target(author, collection_of(author).pk)
        rows = [said(reader, target, str(n)) for n in range(3)]
        for role in ("user", "moderator", "superadmin"):
            who = UserFactory.create(role=role)
            assert call(who, "DELETE", f"collections/comments/{rows[0].pk}").status_code == 404
        assert call(author, "DELETE", f"collections/comments/{rows[0].pk}").status_code == 204
        assert call(reader, "DELETE", f"collections/comments/{rows[0].pk}").status_code == 404
        assert call(reader, "DELETE", f"collections/comments/{rows[1].pk}").status_code == 204
        admin = UserFactory.create(role="admin")
        assert call(admin, "DELETE", f"admin/collections/comments/{rows[2].pk}").status_code == 204
        moderator = UserFactory.create(role="moderator")
        assert call(moderator, "DELETE", f"admin/collections/comments/{rows[2].pk}").status_code == 403
        assert Comment.objects.exclude(deleted_at=None).exclude(deleted_by=None).count() == 3
        elsewhere = said(reader, target_of(reader, AnimeFactory.create()))
        assert call(reader, "DELETE", f"collections/comments/{elsewhere.pk}").status_code == 404

    def test_those_of_people_one_may_not_see_are_left_out(self, author: User, reader: User) -> None:
        found = collection_of(author)
        said(reader, get_collection_target(reader, found.pk), "gone")
        path = f"collections/{found.pk}/comments"
        Block.objects.create(blocker=author, blocked=reader)
        assert call(author, "GET", path).json() == []
        assert len(call(None, "GET", path).json()) == 1
        User.objects.filter(pk=reader.pk).update(is_active=False)
        assert call(None, "GET", path).json() == []
