"""Cursors that nobody was given are refused in words, wherever lists go on by time."""

import base64

import orjson
import pytest
from django.test import Client

from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", ["n", "p"])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-13-41T00:00:00Z"])
@pytest.mark.parametrize("path", ["notifications?", "feed?scope=public&", "feed?scope=mine&", "feed?scope=friends&"])
def test_a_moment_that_there_is_not(path: str, moment: str, way: str) -> None:
    user = UserFactory.create()
    values = orjson.dumps([moment, "00000000-0000-0000-0000-000000000000"])
    cursor = f"{way}.{base64.urlsafe_b64encode(values).decode().rstrip('=')}"
    head = {"Authorization": f"Bearer {session_start(user=user).access_token}"}
    answer = Client().get(f"/api/v1/{path}cursor={cursor}", headers=head)
    assert answer.status_code in (400, 422), answer.content
    assert answer.json()["error"] in ("malformed_request", "validation_failed")
