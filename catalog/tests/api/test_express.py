"""The way past Django's handler answers as Django does: same status, body and headers, and only what it may."""

import io
import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from catalog.models import Anime, Visibility
from catalog.services.changes import catalog_touch
from core.api.express import Express

VARIES = {"x-request-id"}


class Counting:
    """Django's handler and how often it was asked."""

    def __init__(self) -> None:
        self.django = get_wsgi_application()
        self.calls = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.calls += 1
        return self.django(environ, start_response)


def ask(application: Callable[..., Iterable[bytes]], address: str, **more: str) -> tuple[str, dict[str, str], bytes]:
    """Status, headers (names in lower case, without the request's id) and body of an anonymous GET."""
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "", "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.version": (1, 0),
        "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False, **more,
    }  # fmt: skip
    seen: list[Any] = []
    parts = application(environ, lambda status, headers, exc_info=None: seen.extend((status, headers)))
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return seen[0], {name.lower(): value for name, value in seen[1] if name.lower() not in VARIES}, body


@pytest.fixture
def handler() -> Counting:
    return Counting()


@pytest.fixture
def express(handler: Counting, anime: Anime) -> Express:
    """An express way that has learned what the other layers add to an answer."""
    way = Express(handler)
    for _turn in range(3):
        ask(way, f"/api/v1/anime/{anime.pk}")
    handler.calls = 0
    return way


ADDRESSES = ["/api/v1/anime", "/api/v1/anime?page_size=1&sort=title", "/api/v1/anime?cursor=", "/api/v1/anime/{id}"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_answer_is_that_of_django(express: Express, handler: Counting, anime: Anime, address: str) -> None:
    address = address.format(id=anime.pk)
    ask(handler, address)
    wanted = ask(handler, address)
    calls = handler.calls
    found = ask(express, address)
    assert handler.calls == calls, "it went through Django"
    assert found == wanted
    again = ask(express, address, HTTP_IF_NONE_MATCH=found[1]["etag"])
    assert (again[0], again[2]) == ("304 Not Modified", b"")
    assert handler.calls == calls


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/anime?nonsense=1", "400"),
        ("/api/v1/anime/999999", "404"),
        ("/api/v1/nothing", "404"),
        ("/api/v1/anime?page=x", "422"),
    ],
)
def test_errors_are_those_of_django(express: Express, handler: Counting, address: str, status: str) -> None:
    found = ask(express, address)
    assert found[0].startswith(status)
    assert found[1]["content-type"].startswith("application/problem+json")
    assert handler.calls == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_X_API_KEY": "x"},
        {"HTTP_COOKIE": "sessionid=x"},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_HOST": "another.example"},
        {"REQUEST_METHOD": "HEAD"},
        {"REQUEST_METHOD": "POST"},
    ],
)
def test_what_concerns_others_goes_the_usual_way(
    express: Express, handler: Counting, anime: Anime, more: dict[str, str]
) -> None:
    ask(express, f"/api/v1/anime/{anime.pk}", **more)
    assert handler.calls == 1


@pytest.mark.django_db(transaction=True)
def test_a_refused_host_stays_refused(express: Express, settings: Any, anime: Anime) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    for _turn in range(3):
        assert ask(express, f"/api/v1/anime/{anime.pk}", HTTP_HOST="evil.example")[0].startswith("400")


@pytest.mark.django_db(transaction=True)
def test_https_is_asked_for_every_time(express: Express, settings: Any, anime: Anime) -> None:
    """A proxy's word about the scheme is part of the way that was learned."""
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    address = f"/api/v1/anime/{anime.pk}"
    settings.SECURE_HSTS_SECONDS = 60
    strict = Express(get_wsgi_application())
    for _turn in range(3):
        secure = ask(strict, address, HTTP_X_FORWARDED_PROTO="https")
        plain = ask(strict, address, HTTP_X_FORWARDED_PROTO="http")
    assert "strict-transport-security" in secure[1]
    assert "strict-transport-security" not in plain[1]


@pytest.mark.django_db(transaction=True)
def test_a_takedown_is_seen_at_once(express: Express, anime: Anime) -> None:
    assert ask(express, f"/api/v1/anime/{anime.pk}")[0].startswith("200")
    Anime.objects.filter(pk=anime.pk).update(visibility=Visibility.HIDDEN)
    catalog_touch(anime_ids=[anime.pk])
    assert ask(express, f"/api/v1/anime/{anime.pk}")[0].startswith("410")
