"""Fixtures of the permission matrix."""

import pytest
from django.test import Client

from tests.permissions.rows import Row
from tests.permissions.world import World


@pytest.fixture
def world(db: None) -> World:
    """A fresh world: a person a role, and what the matrix files set up."""
    return World()


@pytest.fixture
def call(world: World):
    """`call(row, actor)` → the response; API routes with an access token, pages with a site session."""

    def _call(row: Row, actor: str):
        client = Client(raise_request_exception=False)
        is_api = row.route.startswith("api/")
        headers = {}
        if actor != "anonymous":
            if is_api:
                headers["Authorization"] = f"Bearer {world.signed_in[actor].access_token}"
            else:
                client.force_login(world.users[actor])
        body = row.body(world) if row.body else None
        if is_api and row.method != "GET":
            return client.generic(
                row.method, row.url(world), _json(body), content_type="application/json", headers=headers
            )
        send = getattr(client, row.method.lower())
        return send(row.url(world), body or {}, headers=headers)

    return _call


def _json(body: object) -> bytes:
    import json

    return b"" if body is None else json.dumps(body).encode()
