"""Threat 30: a key carries its person's name but never their rights as staff, in conversations neither."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.services.api_keys import api_key_create
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.api.scopes import Scope
from lists.services.collections import collection_create
from social.access import get_collection_target, get_post_target
from social.models import Comment, Post, Thread
from social.tests.comments import said, target_of
from social.tests.posts import post_of

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def staff() -> User:
    made: User = UserFactory.create(role="superadmin")
    return made


@pytest.fixture
def key(staff: User) -> Client:
    made = api_key_create(user=staff, name="a program", scopes=Scope.values)
    return Client(headers={"X-API-Key": made.token})


@pytest.fixture
def session(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def test_it_deletes_no_comments_of_others(staff: User, key: Client, session: Client) -> None:
    target = target_of(staff, AnimeFactory.create())
    theirs, own = said(UserFactory.create(), target), said(staff, target)
    assert key.delete(f"/api/v1/comments/{theirs.pk}").status_code == 404
    assert not Comment.objects.exclude(deleted_at=None).exists()
    assert key.delete(f"/api/v1/comments/{own.pk}").status_code == 204
    assert session.delete(f"/api/v1/comments/{theirs.pk}").status_code == 204


@pytest.mark.parametrize("kind", ["anime", "post", "collection"])
def test_it_writes_and_edits_nothing_where_staff_closed(staff: User, key: Client, session: Client, kind: str) -> None:
    anime, post = AnimeFactory.create(), post_of(staff)
    shelf = collection_create(actor=staff, title="Shelf", visibility="public")
    target, address = {
        "anime": (target_of(staff, anime), f"/api/v1/anime/{anime.pk}/comments"),
        "post": (get_post_target(staff, post.pk), f"/api/v1/posts/{post.pk}/comments"),
        "collection": (get_collection_target(staff, shelf.pk), f"/api/v1/collections/{shelf.pk}/comments"),
    }[kind]
    own = said(staff, target)
    if kind == "post":
        Post.objects.update(is_locked=True)
    else:
        Thread.objects.update(is_locked=True)
    edit = f"/api/v1/comments/{own.pk}"
    for client, status in ((key, 409), (session, 201)):
        assert client.post(address, {"body": "words"}, content_type=JSON).status_code == status
    for client, status in ((key, 409), (session, 200)):
        assert client.patch(edit, {"body": "other words"}, content_type=JSON).status_code == status
