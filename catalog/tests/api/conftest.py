"""Clients by role, and a small catalogue to ask about."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from catalog.models import Anime
from catalog.services.documents import documents_rebuild
from catalog.tests import factories

ROLES = ("anonymous", "user", "tester", "moderator", "admin", "superadmin")


@pytest.fixture
def client_of(db: Any) -> Callable[..., Client]:
    """`client_of("tester")`: a client signed in as a fresh person of that role; "anonymous" is nobody."""

    def make(role: str, **fields: Any) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(factories.UserFactory(role=Role(role), **fields))
        return client

    return make


@pytest.fixture
def anime(db: Any) -> Anime:
    """A public series with ids and its document."""
    return factories.AnimeFactory(mal_id=5, document=True)


def written(*anime: Anime) -> None:
    """Bring the documents of these anime up to their rows."""
    documents_rebuild(anime_ids=[item.pk for item in anime])
