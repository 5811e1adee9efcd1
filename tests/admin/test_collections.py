"""The admin of collections: pins and challenges through the services; private ones stay private."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory
from lists.models import Collection
from lists.tests.collections import collection_of

pytestmark = pytest.mark.django_db
LIST = "admin:lists_collection_changelist"


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(UserFactory.create(role=role))
    return client


@pytest.fixture
def owner() -> User:
    return UserFactory.create()


@pytest.mark.parametrize(("role", "is_changed"), [("moderator", False), ("admin", True)])
def test_admins_pin_and_make_challenges(owner: User, role: str, is_changed: bool) -> None:
    found, client = collection_of(owner, items=3), client_of(role)
    client.post(reverse(LIST), {"action": "feature", "_selected_action": [str(found.pk)]})
    url = reverse("admin:lists_collection_change", args=[found.pk])
    assert b"Title 2" in client.get(url).content
    inline = {"items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"}
    client.post(url, {"is_challenge": "on", "coin_reward": "70", "title": "Other", **inline})
    found.refresh_from_db()
    assert (found.is_featured, found.is_challenge, found.coin_reward) == (
        is_changed,
        is_changed,
        70 if is_changed else 0,
    )
    assert found.title == "Shelf"
    client.post(url, {"is_challenge": "on", "coin_reward": "5001", **inline})
    found.refresh_from_db()
    assert found.coin_reward != 5_001
    client.post(reverse(LIST), {"action": "unfeature", "_selected_action": [str(found.pk)]})
    assert not Collection.objects.get().is_featured


def test_private_ones_are_not_shown(owner: User) -> None:
    found, client = collection_of(owner, visibility="private", title="My secret"), client_of("superadmin")
    assert b"My secret" not in client.get(reverse(LIST)).content
    assert client.get(reverse("admin:lists_collection_change", args=[found.pk])).status_code == 302


def test_collections_are_deleted_for_good(owner: User) -> None:
    found = collection_of(owner)
    client_of("admin").post(reverse("admin:lists_collection_delete", args=[found.pk]), {"post": "yes"})
    assert not Collection.objects.exists()
