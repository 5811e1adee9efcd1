"""Notifications over the API: paged by key, filtered by type, marked and deleted; never those of others."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core.models import RealtimeEvent
from lists.models import Collection
from lists.tests.collections import collection_of
from social.access import get_collection_target, get_post_target
from social.models import Block, Notification, NotificationActor
from social.notices import FOLLOWED, MENTION, REPLY, UPVOTE
from social.services.comments import CommentDraft, comment_delete, comment_edit
from social.services.notifications import Notice, notify
from social.services.posts import post_delete
from social.tests.comments import said, target_of
from social.tests.posts import post_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
BASE = "/api/v1/notifications"


@pytest.fixture
def reader(client: Client) -> User:
    person = UserFactory.create()
    client.force_login(person)
    return person


def told(reader: User, count: int, kind: Any = REPLY, **more: Any) -> list[Notification]:
    for number in range(count):
        context = {"about": f"title {number}", "excerpt": f"excerpt {number}"}
        group = f"{kind.code}:{uuid.uuid4()}"
        notice = Notice(kind=kind, group=group, url="/collections", actor=UserFactory.create(), context=context, **more)
        notify(user_ids=[reader.pk], notice=notice)
    return list(Notification.objects.filter(user=reader).order_by("-updated_at", "-id"))


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(f"{BASE}/{path}", body, content_type="application/json")


def test_strangers_get_nothing(client: Client) -> None:
    for path in ("", "/unread-count"):
        assert client.get(BASE + path).status_code == 401
    for path in ("mark-read", "delete"):
        assert post(client, path, {"all": True}).status_code == 401


def test_the_list_says_who_did_what_the_latest_first(client: Client, reader: User) -> None:
    rows = told(reader, 3)
    found = client.get(BASE).json()
    assert [one["id"] for one in found["results"]] == [str(row.pk) for row in rows]
    first = found["results"][0]
    actor = rows[0].actors.get().user
    assert first["text"] == f"{actor.username} answered you: title 2"
    assert (first["type"], first["title"], first["excerpt"]) == ("reply", "Answer to you", "excerpt 2")
    assert [one["username"] for one in first["actors"]] == [actor.username]
    assert (first["is_read"], first["count"], first["actor_count"], first["anime"]) == (False, 1, 1, None)
    assert found["next"] is None
    assert found["previous"] is None


def test_pages_go_by_key_and_neither_skip_nor_repeat(client: Client, reader: User) -> None:
    rows = told(reader, 5)
    Notification.objects.update(updated_at=timezone.now())  # of one moment: the id decides
    seen, address = [], f"{BASE}?limit=2"
    while address:
        found = client.get(address).json()
        seen += [one["id"] for one in found["results"]]
        address = found["next"]
    assert sorted(seen) == sorted(str(row.pk) for row in rows)
    assert len(seen) == 5
    back = client.get(f"{BASE}?limit=2&cursor=" + client.get(f"{BASE}?limit=2").json()["next"].partition("cursor=")[2])
    assert back.json()["previous"]


@pytest.mark.parametrize("cursor", ["x", "n.", "n.W10", "n.WyJhIiwgImIiXQ", "p.WzEsMl0"])
def test_a_cursor_that_is_none_is_refused(client: Client, reader: User, cursor: str) -> None:
    told(reader, 1)
    answer = client.get(BASE, {"cursor": cursor})
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed_request")


def test_types_and_unread_filter(client: Client, reader: User) -> None:
    told(reader, 2, REPLY)
    told(reader, 1, MENTION)
    told(reader, 1, UPVOTE)
    told(reader, 1, FOLLOWED)
    Notification.objects.filter(kind="mention").update(read_at=timezone.now())

    def kinds(**query: str) -> list[str]:
        return sorted(one["type"] for one in client.get(BASE, query).json()["results"])

    assert kinds(type="reply") == ["reply", "reply"]
    assert kinds(type="conversations") == ["mention", "reply", "reply"]
    assert kinds(type="conversations", unread="true") == ["reply", "reply"]
    assert kinds(type="likes") == ["upvote"]
    assert kinds(type="people") == ["followed"]
    assert kinds(type="site") == []
    assert client.get(BASE, {"type": "nothing"}).status_code == 422
    assert client.get(BASE, {"unread": "perhaps"}).status_code == 422
    assert client.get(BASE, {"limit": "0"}).status_code == 422
    assert client.get(BASE, {"user": "1"}).json()["error"] == "unknown_filter"


def test_as_many_queries_for_many_rows_as_for_few(client: Client, reader: User, anime: Any) -> None:
    told(reader, 2, anime_id=anime.pk, spoils_episode=3)
    with assert_queries("social/GET notifications"):
        client.get(BASE)
    told(reader, 5, anime_id=anime.pk, spoils_episode=3)
    with assert_queries("social/GET notifications"):
        assert len(client.get(BASE).json()["results"]) == 7


@pytest.fixture
def anime() -> Any:
    from catalog.tests.factories import AnimeFactory

    return AnimeFactory.create(title="Hoshi no Niwa", document=True)


def test_an_excerpt_beyond_the_own_progress_is_covered(client: Client, reader: User, anime: Any) -> None:
    from lists.facade import entry_set

    told(reader, 1, anime_id=anime.pk, spoils_episode=3)
    found = client.get(BASE).json()["results"][0]
    assert (found["excerpt"], found["is_covered"], found["anime"]) == (
        None,
        True,
        {"id": anime.pk, "title": "Hoshi no Niwa"},
    )
    entry_set(user=reader, anime_id=anime.pk, status="watching", episodes_watched=3)
    found = client.get(BASE).json()["results"][0]
    assert (found["excerpt"], found["is_covered"]) == ("excerpt 0", False)
    Notification.objects.update(is_spoiler=True)
    assert client.get(BASE).json()["results"][0]["excerpt"] is None


def test_who_is_hidden_is_neither_named_nor_counted(client: Client, reader: User) -> None:
    people = UserFactory.create_batch(4)
    for person in people:
        notice = Notice(kind=UPVOTE, group="upvote:1", url="/collections", actor=person, context={"about": "it"})
        notify(user_ids=[reader.pk], notice=notice)
    found = client.get(BASE).json()["results"][0]
    assert found["text"] == f"{people[3].username} and 3 others liked what you wrote: it"
    assert [one["username"] for one in found["actors"]] == [people[n].username for n in (3, 2, 1)]
    Block.objects.create(blocker=people[3], blocked=reader)
    User.objects.filter(pk=people[2].pk).update(is_active=False)
    found = client.get(BASE).json()["results"][0]
    assert found["text"] == f"{people[1].username} and {people[0].username} liked what you wrote: it"
    assert found["actor_count"] == 2
    assert people[3].username not in str(found)
    Block.objects.create(blocker=reader, blocked=people[1])
    User.objects.filter(pk=people[0].pk).update(is_active=False)
    assert client.get(BASE).json()["results"][0]["text"] == "Somebody liked what you wrote: it"


def _excerpt(client: Client) -> tuple[str, str | None]:
    (found,) = client.get(BASE).json()["results"]
    return found["text"].partition(": ")[2], found["excerpt"]


def test_words_are_read_here_only_while_they_are_read_in_their_place(client: Client, reader: User) -> None:
    author, staff = UserFactory.create(), UserFactory.create(role="moderator")
    anime = AnimeFactory.create(title="A title")
    comment = said(author, target_of(author, anime), f"words @{reader.username}")
    assert _excerpt(client) == ("A title", f"words @{reader.username}")
    User.objects.filter(pk=author.pk).update(is_active=False)
    assert _excerpt(client) == ("A title", None)
    User.objects.filter(pk=author.pk).update(is_active=True)
    Anime.objects.filter(pk=anime.pk).update(visibility="hidden")
    assert _excerpt(client) == ("…", None)
    Anime.objects.filter(pk=anime.pk).update(visibility="public", is_adult=True)
    assert _excerpt(client) == ("…", None)
    Anime.objects.filter(pk=anime.pk).update(is_adult=False)
    assert _excerpt(client)[1] is not None
    read_all(client)
    comment_delete(actor=staff, comment_id=comment.pk)
    assert _excerpt(client) == ("A title", None)


def read_all(client: Client) -> None:
    assert post(client, "mark-read", {"all": True}).status_code == 200


def test_words_of_a_post_go_with_it(client: Client, reader: User) -> None:
    author = UserFactory.create()
    written = post_of(author, title="A title", body=f"words @{reader.username}")
    assert _excerpt(client) == ("A title", f"words @{reader.username}")
    User.objects.filter(pk=author.pk).update(is_active=False)
    assert _excerpt(client) == ("…", None)
    User.objects.filter(pk=author.pk).update(is_active=True)
    read_all(client)
    post_delete(actor=author, post_id=written.pk)
    assert _excerpt(client) == ("…", None)


def test_words_under_a_post_or_a_collection_go_with_it(client: Client, reader: User) -> None:
    author = UserFactory.create()
    written, shelf = post_of(author, title="A title"), collection_of(author, title="A shelf")
    said(author, get_post_target(author, written.pk), f"words @{reader.username}")
    read_all(client)
    assert _excerpt(client)[0] == "A title"
    post_delete(actor=author, post_id=written.pk)
    assert _excerpt(client) == ("…", None)
    Notification.objects.all().delete()
    said(author, get_collection_target(author, shelf.pk), f"words @{reader.username}")
    Collection.objects.update(visibility="unlisted")
    assert _excerpt(client) == ("A shelf", f"words @{reader.username}")
    Collection.objects.update(visibility="private")
    assert _excerpt(client) == ("…", None)


def test_what_becomes_a_spoiler_is_covered_in_what_was_told(client: Client, reader: User) -> None:
    author = UserFactory.create()
    comment = said(author, target_of(author, AnimeFactory.create()), f"words @{reader.username}")
    draft = CommentDraft(body=comment.body, is_spoiler=True)
    comment_edit(actor=author, comment_id=comment.pk, draft=draft)
    (found,) = client.get(BASE).json()["results"]
    assert (found["excerpt"], found["is_covered"]) == (None, True)


def test_marking_by_ids_changes_ones_own_alone(client: Client, reader: User) -> None:
    mine, theirs = told(reader, 3), told(UserFactory.create(), 1)
    ids = [str(mine[0].pk), str(theirs[0].pk), str(uuid.uuid4()), str(mine[0].pk)]
    answer = post(client, "mark-read", {"ids": ids})
    assert (answer.status_code, answer.json()) == (200, {"changed": 1, "unread_count": 2})
    assert post(client, "mark-read", {"ids": ids}).json() == {"changed": 0, "unread_count": 2}
    theirs[0].refresh_from_db()
    assert theirs[0].read_at is None
    event = RealtimeEvent.objects.filter(user=reader).latest("seq")
    assert (event.type, event.payload) == ("notification.read", {"unread": 2, "ids": [str(mine[0].pk)]})
    assert not RealtimeEvent.objects.filter(type="notification.read").exclude(user=reader).exists()


def test_all_are_marked_and_all_are_deleted(client: Client, reader: User) -> None:
    told(reader, 3)
    others = told(UserFactory.create(), 1)
    assert post(client, "mark-read", {"all": True}).json() == {"changed": 3, "unread_count": 0}
    assert client.get(f"{BASE}/unread-count").json() == {"count": 0}
    assert post(client, "delete", {"ids": [str(others[0].pk)]}).json()["changed"] == 0
    assert post(client, "delete", {"all": True}).json() == {"changed": 3, "unread_count": 0}
    assert not NotificationActor.objects.filter(notification__user=reader).exists()
    assert Notification.objects.get() == others[0]


def test_what_waits_for_the_digest_alone_is_no_part_of_it(client: Client, reader: User) -> None:
    row = told(reader, 1)[0]
    Notification.objects.update(by_site=False, by_digest=True)
    assert client.get(BASE).json()["results"] == []
    assert client.get(f"{BASE}/unread-count").json() == {"count": 0}
    assert post(client, "mark-read", {"ids": [str(row.pk)]}).json()["changed"] == 0
    assert post(client, "delete", {"all": True}).json()["changed"] == 0
    assert Notification.objects.get().read_at is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"all": False},
        {"ids": None},
        {"ids": "all"},
        {"ids": ["x"]},
        {"ids": [1]},
        {"ids": {"a": 1}},
        {"ids": [[]]},
        {"all": "perhaps"},
        {"all": True, "ids": []},
        {"ids": [str(uuid.UUID(int=n)) for n in range(10_000)]},
        [],
    ],
)
@pytest.mark.parametrize("path", ["mark-read", "delete"])
def test_bodies_that_say_nothing_are_refused(client: Client, reader: User, path: str, body: Any) -> None:
    told(reader, 1)
    answer = post(client, path, body)
    assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")
    assert Notification.objects.filter(read_at=None).count() == 1


def test_no_ids_are_nothing_to_do_and_a_thousand_are_taken(client: Client, reader: User) -> None:
    row = told(reader, 1)[0]
    assert post(client, "mark-read", {"ids": []}).json() == {"changed": 0, "unread_count": 1}
    many = [str(uuid.UUID(int=n)) for n in range(999)] + [str(row.pk)]
    with assert_queries("social/POST notifications/mark-read"):
        assert post(client, "mark-read", {"ids": many}).json() == {"changed": 1, "unread_count": 0}
    with assert_queries("social/GET notifications/unread-count"):
        client.get(f"{BASE}/unread-count")


def test_a_read_row_is_left_alone_when_it_happens_again(client: Client, reader: User) -> None:
    one, other = UserFactory.create_batch(2)
    notice = Notice(kind=FOLLOWED, group="followed", url="/x", actor=one)
    notify(user_ids=[reader.pk], notice=notice)
    post(client, "mark-read", {"all": True})
    Notification.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    notify(user_ids=[reader.pk], notice=Notice(kind=FOLLOWED, group="followed", url="/x", actor=other))
    texts = [(found["text"], found["is_read"]) for found in client.get(BASE).json()["results"]]
    assert texts == [
        (f"{other.username} started to follow you.", False),
        (f"{one.username} started to follow you.", True),
    ]
