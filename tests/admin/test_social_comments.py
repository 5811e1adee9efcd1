"""The admin of comments and threads: moderators hide, show again and close, through the services; words are not changed."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from lists.tests.collections import collection_of
from social.access import get_collection_target
from social.models import Comment, Thread
from social.services.comments import comment_delete
from social.tests.comments import said, target_of

pytestmark = pytest.mark.django_db
COMMENTS, THREADS = "admin:social_comment_changelist", "admin:social_thread_changelist"


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(UserFactory.create(role=role))
    return client


def act(client: Client, page: str, action: str, row: Comment | Thread) -> None:
    client.post(reverse(page), {"action": action, "_selected_action": [str(row.pk)]})


@pytest.mark.parametrize("role", ["moderator", "admin", "superadmin"])
def test_staff_hide_and_show_again_and_close(role: str) -> None:
    author, client = UserFactory.create(), client_of(role)
    target = target_of(author, AnimeFactory.create())
    comment, own = said(author, target, "rude words"), said(author, target, "taken back")
    comment_delete(actor=author, comment_id=own.pk)
    page = client.get(reverse(COMMENTS), {"q": author.username}).content
    assert b"rude words" in page
    act(client, COMMENTS, "hide", comment)
    comment.refresh_from_db()
    assert comment.deleted_at is not None
    assert comment.deleted_by_id != author.pk
    for row in (comment, own):
        act(client, COMMENTS, "show", row)
        row.refresh_from_db()
    assert (comment.deleted_at, own.deleted_at is None) == (None, False)
    thread = Thread.objects.get()
    act(client, THREADS, "close", thread)
    thread.refresh_from_db()
    assert (thread.is_locked, thread.locked_by_id is not None) == (True, True)
    act(client, THREADS, "open", thread)
    assert not Thread.objects.get().is_locked


def test_words_are_read_and_not_changed() -> None:
    author, client = UserFactory.create(), client_of("superadmin")
    comment = said(author, target_of(author, AnimeFactory.create()), "as it was")
    url = reverse("admin:social_comment_change", args=[comment.pk])
    assert b"as it was" in client.get(url).content
    client.post(url, {"body": "as staff likes it", "up_votes": "99"})
    comment.refresh_from_db()
    assert (comment.body, comment.up_votes) == ("as it was", 0)
    assert client.get(reverse("admin:social_thread_change", args=[comment.thread_id])).status_code == 200


def test_what_is_private_and_who_is_no_staff() -> None:
    author = UserFactory.create()
    shelf = collection_of(author, visibility="private", title="My secret")
    said(author, get_collection_target(author, shelf.pk), "A secret word")
    client = client_of("superadmin")
    assert b"A secret word" not in client.get(reverse(COMMENTS)).content
    assert b"My secret" not in client.get(reverse(THREADS)).content
    for role in ("user", "tester"):
        assert client_of(role).get(reverse(COMMENTS)).status_code == 302
