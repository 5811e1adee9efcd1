"""People who call the API of staff."""

from typing import Any

import orjson
import pytest
from django.test import Client

from accounts.services.sessions import session_start
from accounts.tests.factories import UserFactory
from providers.tests.pipeline.conftest import script, world

__all__ = ["script", "world"]
V = "/api/v1"


class Caller:
    """A signed-in client of the API."""

    def __init__(self, role: str) -> None:
        self.user = UserFactory.create(role=role)
        self.headers = {"Authorization": f"Bearer {session_start(user=self.user).access_token}"}

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        data = body if isinstance(body, bytes) else orjson.dumps(body) if body is not None else b""
        return Client().generic(method, f"{V}{path}", data, content_type="application/json", headers=self.headers)


@pytest.fixture
def admin(db: None) -> Caller:
    return Caller("admin")
