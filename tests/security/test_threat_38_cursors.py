"""Threat 38: a cursor that nobody was given is refused, whatever stands in it; it never reaches the database as an error."""

import uuid

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from core.api.pagination import cursor_encode

ID = str(uuid.UUID(int=7))
MOMENTS = ["0001-01-01T00:00:00+23:00", "2026-01-01T00:00:00", "2026-13-45", "x", "\x00", 7, 2**62, True, None, 1e308]
CURSORS = [f"{kind}.{cursor_encode([moment, ID])}" for kind in "np" for moment in MOMENTS]
CURSORS += [f"n.{cursor_encode([moment, key])}" for moment in ("2026-01-01T00:00:00Z", 1) for key in ("x", "", 3, None)]
CURSORS += [f"n.{cursor_encode([key])}" for key in (ID, "x", 3, None)] + [
    "n.",
    "p.",
    "n",
    "n.!!!",
    "\u00e9",
    "A" * 2_000,
]
ADDRESSES = [
    "notifications",
    "feed",
    "feed?scope=public",
    "feed?scope=mine",
    "posts",
    "posts?sort=hot",
    "posts?sort=top",
]
PAGES = [
    "notifications",
    "feed",
    "feed?tab=mine",
    "community?sort=recent",
    "community",
    "community?sort=top&period=all",
]


@pytest.mark.django_db(transaction=True)
def test_no_cursor_is_an_error_of_ours() -> None:
    """Outside of a transaction, as requests are: what the database refuses has to stay one request's."""
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory.create())
    found = []
    for address in [*(f"/api/v1/{name}" for name in ADDRESSES), *(f"/{name}" for name in PAGES)]:
        for cursor in CURSORS:
            path, _, query = address.partition("?")
            params = dict(part.split("=") for part in query.split("&") if part)
            status = client.get(path, {**params, "cursor": cursor}).status_code
            if status >= 500:
                found.append((address, cursor, status))
    assert not found
