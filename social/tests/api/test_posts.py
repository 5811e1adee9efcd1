"""`/posts` and `/categories` over HTTP: every order and period, filters, cursors, writing, who may what."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role, User
from accounts.services.api_keys import api_key_create
from accounts.services.mutes import user_mute
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.api.scopes import Scope
from core.tests.media.pictures import picture
from lists.services import entry_set
from social.limits import POSTS
from social.models import Block, Post, Thread
from social.services.post_hotness import hotness_refresh
from social.services.posts import post_delete, post_edit, post_lock, post_pin
from social.tests.posts import image_of, post_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def author() -> User:
    return UserFactory.create()


@pytest.fixture
def staff() -> User:
    return UserFactory.create(role=Role.MODERATOR)


def call(user: User | None, method: str, path: str, body: Any = None, **headers: str) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    raw = b"" if body is None else json.dumps(body).encode()
    return client.generic(method, f"/api/v1/{path}", raw, content_type="application/json", **headers)


def titles(user: User | None, query: str = "", path: str = "posts") -> list[str]:
    answer = call(user, "GET", f"{path}{query}")
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["results"]]


def aged(**ages: float) -> dict[str, Post]:
    """Posts by title; each so many days old, with ten reactions for each of them."""
    return {title: post_of(title=title, age=timedelta(days=days), score=int(days * 10)) for title, days in ages.items()}


def test_written_read_changed_and_deleted(author: User) -> None:
    anime = AnimeFactory.create(document=True)
    body = {
        "title": "  Look  ",
        "body": "**Hi** ||secret||",
        "category": "questions",
        "anime_id": anime.pk,
        "spoils_episode": 2,
        "is_pinned": True,
        "score": 99,
    }
    answer = call(author, "POST", "posts", body)
    found = answer.json()
    assert answer.status_code == 201, found
    assert (found["title"], found["body"], found["category"]["slug"]) == ("  Look  ", "**Hi** ||secret||", "questions")
    assert found["html"].startswith("<p")
    assert "secret" not in found["excerpt"]
    assert (found["is_pinned"], found["score"], found["is_covered"], found["can_edit"]) == (False, 0, False, True)
    assert (found["anime"]["id"], found["author"]["username"]) == (anime.pk, author.username)
    path = f"posts/{found['id']}"
    stranger = call(None, "GET", path).json()
    assert (stranger["is_covered"], stranger["can_edit"], stranger["my_reaction"]) == (True, False, None)
    changed = call(author, "PATCH", path, {"title": "Second", "spoils_episode": None}).json()
    assert (changed["title"], changed["spoils_episode"], changed["body"]) == ("Second", None, "**Hi** ||secret||")
    assert changed["edited_at"] is not None
    before = call(None, "GET", f"{path}/revisions").json()
    assert [(row["title"], row["editor"]["username"]) for row in before] == [("  Look  ", author.username)]
    assert call(author, "DELETE", path).status_code == 204
    for method, tail in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/revisions"), ("POST", "/reaction")):
        assert call(author, method, path + tail, {} if method in ("PATCH", "POST") else None).status_code == 404


def test_a_retry_answers_the_first_post(author: User) -> None:
    body = {"title": "Once", "body": "B", "nonce": "abc"}
    answers = [call(author, "POST", "posts", body) for _turn in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Post.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": "T"},
        {"title": None, "body": "B"},
        {"title": ["T"], "body": "B"},
        {"title": "T", "body": "a\x00b"},
        {"title": "T", "body": "x" * 20_001},
        {"title": "T", "body": "x" * 100_000},
        {"title": "T" * 201, "body": "B"},
        {"title": "T", "body": "B", "category": "no"},
        {"title": "T", "body": "B", "image_ids": ["x"]},
        {"title": "T", "body": "B", "image_ids": ["0198c0de-0000-7000-8000-000000000000"]},
        {"title": "T", "body": "B", "anime_id": "x"},
        {"title": "T", "body": "B", "anime_id": 10**30},
        {"title": "T", "body": "B", "spoils_episode": 0},
        {"title": "T", "body": "B", "nonce": "n" * 65},
    ],
)
def test_bad_bodies_are_refused(author: User, body: dict[str, Any]) -> None:
    answer = call(author, "POST", "posts", body)
    assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")
    assert not Post.objects.exists()


def test_who_may_not_write(author: User, staff: User) -> None:
    body = {"title": "T", "body": "B"}
    assert call(None, "POST", "posts", body).status_code == 401
    closed = call(author, "POST", "posts", {**body, "category": "news"})
    assert (closed.status_code, closed.json()["error"]) == (403, "category_closed")
    assert call(staff, "POST", "posts", {**body, "category": "news"}).status_code == 201
    user_mute(actor=staff, user=author, duration=timedelta(hours=1))
    muted = call(author, "POST", "posts", body)
    assert (muted.status_code, muted.json()["error"]) == (403, "muted")
    assert muted.json()["muted_until"].endswith("Z")


def test_so_many_in_ten_minutes(author: User) -> None:
    for turn in range(POSTS.times):
        assert call(author, "POST", "posts", {"title": f"T{turn}", "body": "B"}).status_code == 201
    answer = call(author, "POST", "posts", {"title": "T", "body": "B"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("day", ["hours"]),
        ("week", ["days", "hours"]),
        ("month", ["weeks", "days", "hours"]),
        ("year", ["months", "weeks", "days", "hours"]),
        ("all", ["years", "months", "weeks", "days", "hours"]),
    ],
)
def test_top_of_every_period(period: str, expected: list[str]) -> None:
    aged(hours=0.5, days=3, weeks=20, months=100, years=800)
    assert titles(None, f"?sort=top&period={period}") == expected
    assert titles(None, f"?period={period}", "posts/top") == expected
    assert titles(None, f"?period={period}&category=questions", "posts/top") == []


def test_top_is_of_the_week_unless_said() -> None:
    aged(days=3, weeks=20)
    assert titles(None, "?sort=top") == titles(None, "", "posts/top") == ["days"]


def test_recent_and_hot_ones() -> None:
    posts = aged(old=10, new=1)
    late = post_of(title="late", age=timedelta(hours=2))
    Post.objects.filter(pk=posts["old"].pk).update(score=100_000)
    hotness_refresh()
    assert titles(None) == titles(None, "?sort=recent") == ["late", "new", "old"]
    assert titles(None, "?sort=hot") == ["late", "new", "old"]
    Post.objects.filter(pk=posts["new"].pk).update(score=1_000)
    Thread.objects.create(kind="post", post=late, comment_count=1)
    hotness_refresh()
    assert titles(None, "?sort=hot") == ["new", "late", "old"]


@pytest.mark.parametrize("query", ["sort=recent", "sort=hot", "sort=top&period=all", "sort=top&period=week&q=post"])
def test_a_walk_by_cursor_meets_everything_once_there_and_back(query: str) -> None:
    for number in range(7):
        post_of(title=f"post {number}", score=number // 3)
    hotness_refresh()
    whole = titles(None, f"?{query}")
    assert len(whole) == 7
    pages, address = [], f"posts?{query}&limit=3"
    while address:
        page = call(None, "GET", address).json()
        pages.append(page)
        address = (page["next"] or "").removeprefix("/api/v1/")
    assert [row["title"] for page in pages for row in page["results"]] == whole
    assert [len(page["results"]) for page in pages] == [3, 3, 1]
    back = call(None, "GET", pages[2]["previous"].removeprefix("/api/v1/")).json()
    assert back["results"] == pages[1]["results"]
    assert call(None, "GET", back["previous"].removeprefix("/api/v1/")).json()["previous"] is None


@pytest.mark.parametrize(
    "query",
    [
        "cursor=x",
        "cursor=n.",
        "cursor=n.AAAA",
        "cursor=p.e30",
        "cursor=n.WyJ4Il0",  # ["x"]
        "cursor=n.WzEuNV0",  # [1.5]
        "cursor=n.W251bGxd",  # [null]
        "cursor=n.WyJ4IiwieCJd&sort=hot",  # ["x","x"]
        "cursor=n.WzFlNDAwLCAieCJd&sort=top",
        "cursor=n.WzEwMDAwMDAwMDAwMDAwMDAwMDAwMCwiMDE5OGMwZGUtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAwIl0&sort=hot&x=",
        "cursor=%00",
        "cursor=%F0%9F%98%80",
        "limit=0",
        "limit=101",
        "limit=x",
        "sort=worst",
        "period=hour&sort=top",
        "category=nothing",
        "anime=x",
        "anime=99999999999",
        "q=%00",
        "q=" + "x" * 101,
    ],
)
def test_bad_questions_are_refused(query: str) -> None:
    post_of()
    answer = call(None, "GET", f"posts?{query.removesuffix('&x=')}")
    if query.endswith("&x="):  # a number beyond every score: nothing comes after or before it, no failure
        assert answer.status_code in (200, 422)
    else:
        assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")


def test_unknown_filters_and_authors_are_refused() -> None:
    assert call(None, "GET", "posts?author__password=x").status_code == 400
    assert call(None, "GET", "posts?author=nobody").status_code == 404
    assert call(None, "GET", "categories?x=1").status_code == 400


def test_filters(author: User) -> None:
    anime = AnimeFactory.create()
    post_of(author, title="asked", category="questions")
    post_of(title="about", anime_id=anime.pk)
    post_of(title="Вечер ёлки", body="Something **else**, 進撃の巨人")
    assert titles(None, "?category=questions") == ["asked"]
    assert titles(None, f"?anime={anime.pk}") == ["about"]
    assert titles(None, f"?author={author.username.upper()}") == ["asked"]
    for found in ("елк", "ВЕЧЕР", "some els", "елки else", "巨人", "進撃"):
        assert titles(None, f"?q={found}") == ["Вечер ёлки"], found
    for missing in ("lse", "ечер", "some nothing", "!!!", "' or 1=1", "%", "_", "*"):
        assert titles(None, f"?q={missing}") == [], missing


def test_pins_stand_above_and_only_once(staff: User) -> None:
    first, second = post_of(title="first"), post_of(title="second")
    post_pin(actor=staff, post_id=first.pk)
    page = call(None, "GET", "posts?limit=1").json()
    assert [row["title"] for row in page["pinned"]] == ["first"]
    assert [row["title"] for row in page["results"]] == ["second"]
    assert page["next"] is None
    assert call(None, "GET", "posts?sort=hot").json()["pinned"][0]["is_pinned"]
    for query in ("?sort=top&period=all", "?q=first", f"?author={first.author.username}"):
        page = call(None, "GET", f"posts{query}").json()
        assert (page["pinned"], "first" in [row["title"] for row in page["results"]]) == ([], True)
    assert second.title


def test_what_somebody_may_not_see_is_in_no_list(author: User) -> None:
    reader = UserFactory.create()
    anime = AnimeFactory.create()
    hidden, adult = post_of(title="hidden", anime_id=anime.pk), post_of(title="adult")
    suspended, blocked, gone = post_of(title="suspended"), post_of(author, title="blocked"), post_of(title="gone")
    anime.visibility = "hidden"
    anime.save()
    Post.objects.filter(pk=adult.pk).update(anime=AnimeFactory.create(is_adult=True))
    User.objects.filter(pk=suspended.author_id).update(is_active=False)
    Block.objects.create(blocker=author, blocked=reader)
    post_delete(actor=gone.author, post_id=gone.pk)
    assert titles(reader) == titles(reader, "?sort=hot") == titles(reader, "?q=a") == []
    assert titles(reader, "?sort=top&period=all") == []
    assert titles(None) == ["blocked"]
    for post in (hidden, adult, suspended, blocked, gone):
        assert call(reader, "GET", f"posts/{post.pk}").status_code == 404
        assert call(reader, "GET", f"posts/{post.pk}/revisions").status_code == 404
    reader.shows_adult = True
    reader.save()
    assert titles(reader) == ["adult"]


def test_spoilers_are_covered_by_the_readers_progress(author: User) -> None:
    anime, reader = AnimeFactory.create(episode_count=12), UserFactory.create()
    post = post_of(author, anime_id=anime.pk, spoils_episode=5)
    marked = post_of(author, is_spoiler=True)

    def covered(user: User | None, post: Post) -> bool:
        rows = {row["id"]: row["is_covered"] for row in call(user, "GET", "posts").json()["results"]}
        assert rows[str(post.pk)] == call(user, "GET", f"posts/{post.pk}").json()["is_covered"]
        return rows[str(post.pk)]

    assert (covered(None, post), covered(reader, post), covered(author, post)) == (True, True, False)
    entry_set(user=reader, anime_id=anime.pk, status="watching", episodes_watched=4)
    assert covered(reader, post)
    entry_set(user=reader, anime_id=anime.pk, episodes_watched=5)
    assert not covered(reader, post)
    assert (covered(reader, marked), covered(author, marked)) == (True, False)


def test_linked_anime_come_as_cards_of_what_may_be_seen(author: User) -> None:
    shown, adult, hidden = (AnimeFactory.create(document=True, is_adult=flag) for flag in (False, True, False))
    body = " ".join(f"[x](/anime/{anime.pk})" for anime in (shown, adult, hidden)) + f" /watch [y](/watch/{shown.pk}/7)"
    post = post_of(author, body=body)
    hidden.visibility = "hidden"
    hidden.save()
    found = call(None, "GET", f"posts/{post.pk}").json()["linked"]
    assert [(row["anime"]["id"], row["episode"]) for row in found] == [(shown.pk, None), (shown.pk, 7)]
    assert "episode" not in found[0]["anime"]


def test_reactions(author: User) -> None:
    post, reader = post_of(author), UserFactory.create()
    path = f"posts/{post.pk}/reaction"
    assert call(None, "POST", path, {}).status_code == 401
    answer = call(reader, "POST", path, {})
    assert answer.json() == {"reactions": {"like": 1}, "like_count": 1, "score": 1, "my_reaction": "like"}
    assert call(reader, "POST", path, {"kind": "love"}).json()["reactions"] == {"love": 1}
    assert call(reader, "POST", path, {"kind": "hate"}).status_code == 422
    assert call(reader, "GET", f"posts/{post.pk}").json()["my_reaction"] == "love"
    assert call(author, "GET", f"posts/{post.pk}").json()["my_reaction"] is None
    for _turn in range(2):
        assert call(reader, "DELETE", path).status_code == 204
    assert call(reader, "GET", f"posts/{post.pk}").json()["reactions"] == {}


def test_staff_pin_and_close(author: User, staff: User) -> None:
    post = post_of(author)
    for action, name in (("pin", "is_pinned"), ("lock", "is_locked")):
        path = f"posts/{post.pk}/{action}"
        assert call(author, "POST", path).status_code == 403
        assert call(staff, "POST", path).json()[name] is True
        if action == "lock":
            refused = call(author, "PATCH", f"posts/{post.pk}", {"title": "New"})
            assert (refused.status_code, refused.json()["error"]) == (409, "thread_locked")
            assert call(author, "GET", f"posts/{post.pk}").json()["can_edit"] is False
        assert call(staff, "DELETE", path).status_code == 204
        assert call(staff, "GET", f"posts/{post.pk}").json()[name] is False
    assert call(staff, "DELETE", f"posts/{post.pk}").status_code == 204


def test_a_key_carries_no_rights_of_staff(staff: User) -> None:
    post = post_of()
    key = api_key_create(user=staff, name="k", scopes=[Scope.SOCIAL_READ, Scope.SOCIAL_WRITE]).token

    def by_key(method: str, path: str, body: Any = None) -> int:
        raw = b"" if body is None else json.dumps(body).encode()
        client = Client(HTTP_X_API_KEY=key)
        return client.generic(method, f"/api/v1/{path}", raw, content_type="application/json").status_code

    assert by_key("GET", "posts") == 200
    assert by_key("POST", "posts", {"title": "T", "body": "B"}) == 201
    assert by_key("POST", "posts", {"title": "T", "body": "B", "category": "news"}) == 403
    assert by_key("POST", f"posts/{post.pk}/pin") == 403
    assert by_key("DELETE", f"posts/{post.pk}") == 404
    post.refresh_from_db()
    assert (post.is_pinned, post.deleted_at) == (False, None)


def send(user: User | None, data: bytes, name: str = "x.png", **fields: str) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.post("/api/v1/posts/images", {"file": SimpleUploadedFile(name, data), **fields})


def test_pictures_are_sent_first_and_shown_afterwards(author: User) -> None:
    assert send(None, picture()).status_code == 401
    answer = send(author, picture(size=(900, 600)), alt="a hill")
    image = answer.json()
    assert answer.status_code == 201, image
    assert (image["alt"], image["width"], image["height"]) == ("a hill", 900, 600)
    assert image["url"].endswith(".webp")
    body = f"![](image:{image['id']})"
    assert "<img" in call(author, "POST", "posts/preview", {"body": body}).json()["html"]
    assert "<img" not in call(UserFactory.create(), "POST", "posts/preview", {"body": body}).json()["html"]
    found = call(author, "POST", "posts", {"title": "T", "body": body}).json()
    assert [row["id"] for row in found["images"]] == [image["id"]]
    assert image["url"] in found["html"] or image["srcset"] in found["html"]


@pytest.mark.parametrize(
    ("data", "status", "error"),
    [
        (b"", 422, "validation_failed"),
        (b"not a picture", 400, "image_unreadable"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 400, "image_unreadable"),
        (picture() + b"\0" * (6 * 1024 * 1024), 413, "payload_too_large"),
        (picture()[:-40], 400, "image_unreadable"),
    ],
)
def test_what_is_no_picture_is_refused(author: User, data: bytes, status: int, error: str) -> None:
    answer = send(author, data)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_preview_keeps_nothing(author: User) -> None:
    answer = call(author, "POST", "posts/preview", {"body": "**a** <script>x</script> ||b||"})
    assert "<strong>a</strong>" in answer.json()["html"]
    assert "<script" not in answer.json()["html"]
    assert not Post.objects.exists()
    assert call(None, "POST", "posts/preview", {"body": "a"}).status_code == 401
    assert call(author, "POST", "posts/preview", {"body": "a" * 20_001}).status_code == 422
    assert call(author, "POST", "posts/preview", {"body": ""}).json() == {"html": "", "linked": []}


def test_a_preview_has_the_cards_that_the_post_would_have(author: User) -> None:
    shown, adult = (AnimeFactory.create(document=True, is_adult=flag) for flag in (False, True))
    body = f"/anime/{shown.pk} [x](/anime/{adult.pk}) http://testserver/watch/{shown.pk}/7"
    found = call(author, "POST", "posts/preview", {"body": body}).json()["linked"]
    assert found == call(author, "GET", f"posts/{post_of(author, body=body, host='testserver').pk}").json()["linked"]
    assert {(row["anime"]["id"], row["episode"]) for row in found} == {(shown.pk, None), (shown.pk, 7)}


def test_categories_in_the_readers_language() -> None:
    english = call(None, "GET", "categories").json()
    assert [row["slug"] for row in english] == [
        "general",
        "recommendations",
        "news",
        "questions",
        "fan-works",
        "feedback",
    ]
    assert [row["slug"] for row in english if row["is_staff_only"]] == ["news"]
    assert english[0]["name"] == "General"
    assert call(None, "GET", "categories", HTTP_ACCEPT_LANGUAGE="ru").json()[0]["name"] == "Общее"


def _full(author: User, anime: Any, colour: int) -> Post:
    image = image_of(author, (colour, 3, 3))
    post = post_of(
        author,
        title=f"full {colour}",
        anime_id=anime.pk,
        spoils_episode=1,
        body=f"[x](/anime/{anime.pk}) ![](image:{image.pk})",
    )
    Thread.objects.create(kind="post", post=post, comment_count=2)
    return post


def test_queries_do_not_grow(author: User, staff: User) -> None:
    anime, reader = AnimeFactory.create(document=True, episode_count=3), UserFactory.create()
    first = _full(author, anime, 1)
    post_edit(actor=author, post_id=first.pk, title="full again")
    post_pin(actor=staff, post_id=_full(author, anime, 2).pk)
    client = Client()
    client.force_login(reader)

    def walk(first: Post) -> None:
        client.get("/api/v1/categories")
        with assert_queries("social/GET posts"):
            assert client.get("/api/v1/posts").status_code == 200
        with assert_queries("social/GET posts by strangers"):
            assert Client().get("/api/v1/posts?sort=hot").status_code == 200
        with assert_queries("social/GET posts/top"):
            assert client.get("/api/v1/posts/top").status_code == 200
        with assert_queries("social/GET posts/{id}"):
            assert client.get(f"/api/v1/posts/{first.pk}").status_code == 200
        with assert_queries("social/GET posts/{id}/revisions"):
            assert client.get(f"/api/v1/posts/{first.pk}/revisions").status_code == 200
        with assert_queries("social/GET categories"):
            assert client.get("/api/v1/categories").status_code == 200

    walk(first)
    for colour in range(10, 15):
        _full(UserFactory.create(), AnimeFactory.create(document=True, episode_count=3), colour)
    walk(first)


def test_queries_of_writing(author: User) -> None:
    anime, named = AnimeFactory.create(document=True), UserFactory.create()
    client = Client()
    client.force_login(author)
    body = {"title": "T", "body": "Words", "category": "general"}
    raw = {"content_type": "application/json"}
    client.post("/api/v1/posts", json.dumps(body), **raw)
    with assert_queries("social/POST posts"):
        answer = client.post("/api/v1/posts", json.dumps(body), **raw)
    whole = {**body, "body": f"@{named.username}", "anime_id": anime.pk, "nonce": "n"}
    with assert_queries("social/POST posts with a mention and an anime"):
        assert client.post("/api/v1/posts", json.dumps(whole), **raw).status_code == 201
    path = f"/api/v1/posts/{answer.json()['id']}"
    with assert_queries("social/PATCH posts/{id}"):
        assert client.patch(path, json.dumps({"body": "Other words"}), **raw).status_code == 200
    reader = Client()
    reader.force_login(named)
    with assert_queries("social/POST posts/{id}/reaction"):
        assert reader.post(f"{path}/reaction", "{}", **raw).status_code == 200
    with assert_queries("social/DELETE posts/{id}/reaction"):
        assert reader.delete(f"{path}/reaction").status_code == 204
    post_lock(actor=UserFactory.create(role=Role.ADMIN), post_id=answer.json()["id"])
    with assert_queries("social/DELETE posts/{id}"):
        assert client.delete(path).status_code == 204


def test_revisions_say_that_they_are_covered(author: User) -> None:
    anime = AnimeFactory.create(document=True, episode_count=3)
    for fields, is_covered in (
        ({}, False),
        ({"is_spoiler": True}, True),
        ({"anime_id": anime.pk, "spoils_episode": 2}, True),
    ):
        post = post_of(author, body="He dies", **fields)
        post_edit(actor=author, post_id=post.pk, body="He lives")
        path = f"posts/{post.pk}/revisions"
        for who in (UserFactory.create(), None):
            assert [row["is_covered"] for row in call(who, "GET", path).json()] == [is_covered]
        assert [row["is_covered"] for row in call(author, "GET", path).json()] == [False]
