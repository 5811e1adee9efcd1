"""Threat 18: fields that nobody offered are not taken, in the API and in forms."""

import json

import pytest
from django.test import Client

from accounts.models import Role, User
from accounts.tests.factories import UserFactory

EXTRA = {
    "role": "superadmin",
    "is_staff": True,
    "is_superuser": True,
    "is_verified": True,
    "is_active": False,
    "shows_adult": True,
    "coins": 1_000_000,
    "owner": "somebody",
    "id": "00000000-0000-7000-8000-000000000000",
    "date_joined": "2000-01-01T00:00:00Z",
}


def assert_untouched(user: User) -> None:
    assert user.role == Role.USER
    assert not user.is_staff
    assert not user.is_superuser
    assert not user.is_verified
    assert user.is_active
    assert str(user.pk) != EXTRA["id"]
    assert user.date_joined.year > 2000


@pytest.mark.django_db
def test_register_takes_only_what_it_offers(client: Client) -> None:
    body = {"username": "climber", "email": "climber@example.org", "password": "a passphrase 77", **EXTRA}
    response = client.post("/api/v1/auth/register", body, content_type="application/json")
    assert response.status_code == 201
    assert response.json()["user"]["role"] == "user"
    user = User.objects.get(username="climber")
    assert_untouched(user)
    assert not user.shows_adult


@pytest.mark.django_db
def test_sign_up_takes_only_what_it_offers(client: Client) -> None:
    form = {"username": "climber", "email": "climber@example.org", "password1": "a passphrase 77", **EXTRA}
    assert client.post("/accounts/signup/", form).status_code == 302
    assert_untouched(User.objects.get(username="climber"))


@pytest.mark.django_db
def test_settings_take_only_what_they_offer(client: Client) -> None:
    user = UserFactory.create()
    client.force_login(user)
    form = {**EXTRA, "display_name": "Climber", "title_language": "native", "birth_date": "1990-01-01"}
    form |= {
        "email": "other@example.org",
        "password": "x",
        "setup_completed_at": "2020-01-01",
        "profile_visibility": "nobody",
    }
    assert client.post("/settings", form).status_code == 302
    before, user = user, User.objects.get(pk=user.pk)
    assert_untouched(user)
    assert (user.username, user.email, user.password) == (before.username, before.email, before.password)
    assert (user.display_name, user.title_language) == ("Climber", "native")
    assert (user.setup_completed_at, user.profile_visibility) == (None, "everyone")


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), [("PATCH", "users/me"), ("POST", "users/me/complete-setup")])
@pytest.mark.parametrize("nested", ["", "preferences", "privacy"])
def test_a_profile_takes_only_what_it_offers(client: Client, method: str, path: str, nested: str) -> None:
    user = UserFactory.create()
    client.force_login(user)
    forbidden = {
        **{name: value for name, value in EXTRA.items() if name != "shows_adult"},
        "email": "other@example.org",
        "password": "x",
        "erased_at": "2020-01-01T00:00:00Z",
        "deletion_due_at": "2020-01-01T00:00:00Z",
        "is_lookalike": True,
        "username_changed_at": None,
        "search_name": "everybody",
        "avatar_id": EXTRA["id"],
    }
    before = User.objects.values().get()
    body = {nested: forbidden} if nested else forbidden
    response = client.generic(method, f"/api/v1/{path}", json.dumps(body), content_type="application/json")
    assert response.status_code == 200, response.content
    after = User.objects.values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"setup_completed_at", "last_seen_at"}
