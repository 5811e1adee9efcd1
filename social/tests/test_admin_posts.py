"""Posts in the admin: found, pinned, closed, deleted and put back by who moderates; words stay their authors'."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from accounts.tests.factories import UserFactory
from social.models import Category, Post
from social.services.posts import post_delete, post_edit
from social.tests.posts import post_of

pytestmark = pytest.mark.django_db
LIST = "/admin/social/post/"


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(UserFactory.create(role=role))
    return client


def act(client: Client, action: str, *posts: Post) -> None:
    answer = client.post(LIST, {"action": action, "_selected_action": [str(post.pk) for post in posts]})
    assert answer.status_code == 302


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMIN, Role.SUPERADMIN])
def test_staff_do_what_the_site_lets_them_and_it_is_noted(role: str) -> None:
    client, first, second = client_of(role), post_of(), post_of()
    act(client, "pin", first, second)
    act(client, "lock", first)
    assert list(Post.objects.order_by("pk").values_list("is_pinned", "is_locked")) == [(True, True), (True, False)]
    act(client, "unpin", first)
    act(client, "unlock", first)
    act(client, "remove", first, second)
    assert Post.objects.filter(deleted_at=None).count() == 0
    act(client, "pin", first)  # what is deleted is refused with a message
    first.refresh_from_db()
    assert not first.is_pinned
    act(client, "restore", first)
    first.refresh_from_db()
    assert first.deleted_at is None
    noted = LogEntry.objects.filter(object_id=str(first.pk)).order_by("pk").values_list("change_message", flat=True)
    assert list(noted) == ["pin", "lock", "unpin", "unlock", "remove", "restore"]


def test_people_without_the_role_are_not_let_in() -> None:
    post = post_of()
    for role in (Role.USER, Role.TESTER):
        answer = client_of(role).post(LIST, {"action": "remove", "_selected_action": [str(post.pk)]})
        assert answer.status_code in (302, 403)
        post.refresh_from_db()
        assert post.deleted_at is None


def test_nobody_puts_words_into_mouths() -> None:
    post = post_of(title="Mine", body="My words")
    client = client_of(Role.SUPERADMIN)
    address = reverse("admin:social_post_change", args=[post.pk])
    client.post(address, {"title": "Stolen", "body": "Stolen", "is_pinned": "on"})
    post.refresh_from_db()
    assert (post.title, post.body, post.is_pinned) == ("Mine", "My words", False)
    assert client.get("/admin/social/post/add/").status_code == 403
    assert client.post(reverse("admin:social_post_delete", args=[post.pk]), {"post": "yes"}).status_code == 403


def test_a_post_is_shown_with_what_it_said_before() -> None:
    post = post_of(title="Now", body="First words <script>")
    post_edit(actor=post.author, post_id=post.pk, body="Later words")
    page = client_of(Role.MODERATOR).get(reverse("admin:social_post_change", args=[post.pk])).content.decode()
    assert "First words &lt;script&gt;" in page
    assert "Later words" in page


def test_found_by_words_and_author() -> None:
    post_of(title="Evening", body="about the lighthouse")
    post_of(UserFactory.create(username="Finder"), title="Morning")
    gone = post_of(title="Gone away")
    post_delete(actor=gone.author, post_id=gone.pk)
    client = client_of(Role.MODERATOR)
    for query, title in (("lighth", "Evening"), ("finder", "Morning"), ("gone", "Gone away")):
        page = client.get(LIST, {"q": query}).content.decode()
        assert [name for name in ("Evening", "Morning", "Gone away") if name in page] == [title], query
    assert client.get(LIST, {"q": "\x00' or %"}).status_code in (200, 302)
    page = client.get(LIST, {"deleted_at__isempty": "0"}).content.decode()
    assert "Gone away" in page
    assert "Evening" not in page


def test_lists_of_any_length_take_the_same_queries() -> None:
    client, counts = client_of(Role.MODERATOR), []
    for _turn in range(2):
        for _post in range(3):
            post_of()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


def test_categories_are_made_by_admins_and_kept_with_their_posts() -> None:
    admin, moderator = client_of(Role.ADMIN), client_of(Role.MODERATOR)
    body = {"name": "Music", "name_ru": "Музыка", "slug": "music", "description": "", "position": "70"}
    assert moderator.post("/admin/social/category/add/", body).status_code == 403
    assert admin.post("/admin/social/category/add/", body).status_code == 302
    made = Category.objects.get(slug="music")
    assert admin.post("/admin/social/category/add/", {**body, "slug": "new"}).status_code == 200
    assert not Category.objects.filter(slug="new").exists()
    post_of(category="music")
    admin.post(f"/admin/social/category/{made.pk}/delete/", {"post": "yes"})
    assert Category.objects.filter(pk=made.pk).exists()
