"""A request with an API key never takes the short ways of anonymous reads: there it would go unchecked."""

import io
import sys
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client

from accounts.services.api_keys import api_key_create
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core import http_cache
from core.api.express import Express

pytestmark = pytest.mark.django_db


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory(document=True)


def key(*scopes: str) -> str:
    return api_key_create(user=UserFactory(), name="x", scopes=scopes).token


def ask(application: Any, path: str, **more: str) -> str:
    """The status of a GET."""
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SCRIPT_NAME": "", "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.version": (1, 0),
        "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False, **more,
    }  # fmt: skip
    seen: list[str] = []
    parts = application(environ, lambda status, headers, exc_info=None: seen.append(status))
    b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return seen[0][:3]


def test_the_fast_lane(client: Client, anime: Anime) -> None:
    path = f"/api/v1/anime/{anime.pk}"
    for _turn in range(3):
        assert client.get(path).status_code == 200
    assert client.get(path, headers={"X-API-Key": "hk_wrong"}).status_code == 401
    assert client.get(path, headers={"X-API-Key": key("lists:read")}).json()["error"] == "scope_missing"
    assert client.get(path, headers={"X-API-Key": key("catalog:read")}).status_code == 200
    assert client.get(path, headers={"X-API-Key": ""}).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_the_express_way_and_the_response_cache(anime: Anime) -> None:
    path = f"/api/v1/anime/{anime.pk}"
    way = http_cache.ResponseCache(Express(get_wsgi_application()), size=1_000_000)
    for _turn in range(4):
        assert ask(way, path) == "200"
    assert ask(way, path, HTTP_X_API_KEY="hk_wrong") == "401"
    assert ask(way, path, HTTP_X_API_KEY=key("lists:read")) == "403"
    assert ask(way, path, HTTP_X_API_KEY=key("catalog:read")) == "200"
    assert ask(way, path) == "200"
