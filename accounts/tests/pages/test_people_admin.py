"""People in the admin: what staff put right, and whose."""

import io

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from accounts.models import User
from accounts.services.avatars import avatar_prepare, avatar_set
from accounts.tests.factories import UserFactory
from core.models import StoredImage

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/user/"


def staff(client: Client, role: str) -> User:
    user = UserFactory.create(username=f"the_{role}", role=role)
    client.force_login(user)
    return user


def with_picture(user: User) -> User:
    out = io.BytesIO()
    Image.new("RGB", (70, 70), "teal").save(out, "PNG")
    return avatar_set(user=user, data=avatar_prepare(user=user, file=ContentFile(out.getvalue())))


def act(client: Client, action: str, *people: User) -> None:
    body = {"action": action, "_selected_action": [str(user.pk) for user in people]}
    assert client.post(LIST, body).status_code == 302


def test_moderators_empty_profiles_below_them(client: Client) -> None:
    staff(client, "moderator")
    rude = UserFactory.create(username="rude_x", display_name="Rude", bio="rude", search_name="\nrude_x\nrude\n")
    peer = UserFactory.create(username="peer_x", role="moderator", bio="mine")
    act(client, "bio_remove", rude, peer)
    rude.refresh_from_db()
    peer.refresh_from_db()
    assert (rude.display_name, rude.bio, rude.search_name) == ("", "", "\nrude_x\n\n")
    assert peer.bio == "mine"


def test_moderators_take_pictures_below_them(client: Client) -> None:
    staff(client, "moderator")
    rude, admin = with_picture(UserFactory.create()), with_picture(UserFactory.create(role="admin"))
    act(client, "avatar_remove", rude, admin)
    assert User.objects.get(pk=rude.pk).avatar_id is None
    assert User.objects.get(pk=admin.pk).avatar_id
    act(client, "avatar_remove", rude)
    assert StoredImage.objects.count() == 1


def test_admins_put_names_right_by_the_same_rules(client: Client) -> None:
    staff(client, "admin")
    user = with_picture(UserFactory.create(username="before_x"))
    UserFactory.create(username="taken_x")
    address = f"{LIST}{user.pk}/change/"
    page = client.get(address)
    assert page.status_code == 200
    assert b"/media/images/avatar/" in page.content
    form = {"username": "taken_X", "display_name": "", "bio": "", "role": "user"}
    client.post(address, form)
    assert User.objects.get(pk=user.pk).username == "before_x"
    client.post(address, {**form, "username": "after_x", "birth_date": "1990-01-01", "profile_visibility": "nobody"})
    user.refresh_from_db()
    assert (user.username, user.search_name, user.username_changed_at) == ("after_x", "\nafter_x\n\n", None)
    assert (user.birth_date, user.profile_visibility) == (None, "everyone")
