"""Fixtures of the permission matrix."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.permissions.rows import Row
from tests.permissions.world import World


@pytest.fixture(autouse=True)
def _own_configuration(settings: Any, tmp_path: Path) -> None:
    """Rows that change the operator's configuration or back it up do so for the test alone."""
    settings.CONFIGURATION_ROOT = tmp_path / "configuration"


@pytest.fixture
def caller(world: World) -> Callable[[Row, str], Callable[[], HttpResponse]]:
    """`caller(row, actor)` signs the actor in and returns what makes the call: API routes with an access token, pages
    with a site session."""

    def _prepare(row: Row, actor: str) -> Callable[[], HttpResponse]:
        client = Client(raise_request_exception=False)
        is_api = row.route.startswith("api/")
        headers = {}
        if actor != "anonymous" and is_api:
            headers["Authorization"] = f"Bearer {world.access_tokens[actor]}"
        elif actor != "anonymous":
            client.force_login(world.users[actor])
        body = row.body(world) if row.body else None

        def _send() -> HttpResponse:
            if is_api and row.method != "GET":
                raw = b"" if body is None else json.dumps(body).encode()
                return client.generic(row.method, row.url(world), raw, content_type="application/json", headers=headers)
            return getattr(client, row.method.lower())(row.url(world), body or {}, headers=headers)

        return _send

    return _prepare
