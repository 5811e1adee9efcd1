"""The response cache as a WSGI wrapper: what it keeps, what it never keeps, and when it forgets."""

import io
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from core import generation
from core.http_cache import FLAG, ResponseCache

BODY = [
    ("Content-Type", "application/json"),
    ("ETag", '"v1"'),
    ("Vary", "Authorization, Cookie"),
    ("X-Request-ID", "of-the-first"),
]


class App:
    """Counts its calls; `allowed`, `status`, `headers`, `body` say how it answers; `before` runs while it computes."""

    def __init__(self) -> None:
        self.calls = 0
        self.allowed, self.status, self.headers, self.body = True, "200 OK", BODY, b"{}"
        self.before: Callable[[], Any] = lambda: None
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.calls += 1
        self.before()
        if self.allowed and FLAG in environ:
            environ[FLAG].is_allowed = True
        start_response(self.status, list(self.headers))
        return Closing(self)


class Closing(list):
    def __init__(self, app: App) -> None:
        super().__init__([app.body[:1], app.body[1:]])
        self.app = app

    def close(self) -> None:
        self.app.closed += 1


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def cached(app: App) -> ResponseCache:
    return ResponseCache(app, size=200_000)


def ask(
    cache: ResponseCache, path: str = "/a", method: str = "GET", **environ: str
) -> tuple[str, dict[str, str], bytes]:
    answer: list[Any] = []
    base = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": "h",
        "wsgi.url_scheme": "http",
    }
    parts = cache({**base, "wsgi.input": io.BytesIO(), **environ}, lambda *given: answer.extend(given[:2]))
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return answer[0], dict(answer[1]), body


def test_a_second_read_does_not_reach_the_application(app: App, cached: ResponseCache) -> None:
    first, second = ask(cached), ask(cached)
    assert app.calls == 1
    assert app.closed == 1
    assert first[2] == second[2] == b"{}"
    assert second[0] == "200 OK"
    assert "Age" in second[1]
    assert second[1]["X-Request-ID"] != "of-the-first"
    assert ask(cached, HTTP_X_REQUEST_ID="given-id-1")[1]["X-Request-ID"] == "given-id-1"
    assert ask(cached, HTTP_X_REQUEST_ID="evil\r\nSet-Cookie: a")[1]["X-Request-ID"] != "evil\r\nSet-Cookie: a"


def test_a_moved_generation_forgets(app: App, cached: ResponseCache) -> None:
    ask(cached)
    generation.bump()
    ask(cached)
    assert app.calls == 2
    assert cached.figures.entries == 1


def test_what_was_computed_before_a_write_is_not_given_after_it(app: App, cached: ResponseCache) -> None:
    app.before = generation.bump  # a writer commits while the old snapshot is being read
    ask(cached)
    app.before = lambda: None
    ask(cached)
    assert app.calls == 2


@pytest.mark.parametrize("header", ["HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_X_API_KEY", "HTTP_RANGE"])
def test_credentials_neither_fill_nor_use_the_cache(app: App, cached: ResponseCache, header: str) -> None:
    ask(cached, **{header: "x"})
    ask(cached)
    ask(cached, **{header: "x"})
    assert app.calls == 3


@pytest.mark.parametrize(
    "change",
    [
        {"allowed": False},
        {"status": "404 Not Found"},
        {"headers": [*BODY, ("Set-Cookie", "a=b")]},
        {"headers": [("Vary", "User-Agent")]},
        {"headers": [("Vary", "*")]},
        {"body": b"x" * 100_000},
    ],
)
def test_what_is_not_kept(app: App, cached: ResponseCache, change: dict[str, Any]) -> None:
    vars(app).update(change)
    assert ask(cached)[2] == app.body
    ask(cached)
    assert app.calls == 2


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_pass(app: App, cached: ResponseCache, method: str) -> None:
    ask(cached)
    ask(cached, method=method)
    assert app.calls == 2


def test_the_key_is_the_whole_address(app: App, cached: ResponseCache) -> None:
    for environ in (
        {},
        {"QUERY_STRING": "b"},
        {"HTTP_HOST": "other"},
        {"wsgi.url_scheme": "https"},
        {"HTTP_ORIGIN": "x"},
    ):
        ask(cached, **environ)
    ask(cached, "/b")
    assert app.calls == 6


def test_it_tells_answers_apart_by_what_they_vary_on(app: App, cached: ResponseCache) -> None:
    app.headers = [*BODY[:2], ("Vary", "Accept-Language, Cookie")]
    for language in ("en", "ru", "en", "ru"):
        ask(cached, HTTP_ACCEPT_LANGUAGE=language)
    assert app.calls == 2


def test_head_and_conditional_reads_are_answered_from_what_is_kept(app: App, cached: ResponseCache) -> None:
    ask(cached, method="HEAD")
    assert app.calls == 1
    ask(cached)
    assert ask(cached, method="HEAD")[2] == b""
    status, headers, body = ask(cached, HTTP_IF_NONE_MATCH='W/"v1", "v0"')
    assert (status, body, headers["ETag"]) == ("304 Not Modified", b"", '"v1"')
    assert "Content-Type" not in headers
    assert ask(cached, HTTP_IF_NONE_MATCH='"v0"')[0] == "200 OK"
    assert app.calls == 2


def test_a_date_counts_only_when_it_is_settled(app: App, cached: ResponseCache) -> None:
    from django.utils.http import http_date

    old, fresh = http_date(time.time() - 60), http_date(time.time())
    app.headers = [*BODY, ("Last-Modified", old)]
    ask(cached)
    assert ask(cached, HTTP_IF_MODIFIED_SINCE=old)[0] == "304 Not Modified"
    assert ask(cached, HTTP_IF_MODIFIED_SINCE=old, HTTP_IF_NONE_MATCH='"v0"')[0] == "200 OK"
    app.headers = [*BODY, ("Last-Modified", fresh)]
    ask(cached, "/fresh")
    assert ask(cached, "/fresh", HTTP_IF_MODIFIED_SINCE=fresh)[0] == "200 OK"


def test_it_forgets_after_a_while(app: App) -> None:
    cached = ResponseCache(app, size=200_000, ttl=0.05)
    ask(cached)
    time.sleep(0.06)
    ask(cached)
    assert app.calls == 2


def test_it_stays_within_its_bytes_and_drops_the_least_used(app: App, cached: ResponseCache) -> None:
    app.body = b"x" * 20_000
    for number in range(50):
        ask(cached, f"/{number}")
        ask(cached, "/0")
    assert cached.figures.bytes <= 200_000
    assert cached.figures.entries <= 10
    assert len(cached._varying) <= cached.figures.entries
    calls = app.calls
    ask(cached, "/0")
    assert app.calls == calls


def test_the_first_request_starts_the_watcher_once(app: App) -> None:
    begun: list[int] = []
    cached = ResponseCache(app, size=1000, on_first_request=lambda: begun.append(1))
    ask(cached)
    ask(cached)
    assert begun == [1]
