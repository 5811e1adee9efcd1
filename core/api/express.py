"""Anonymous reads of stored documents answered in front of Django's handler: the request's id, the view, the headers.

Django's handler, its signals and the outer middlewares cost more than the read itself. What they add to an answer is the
same for all requests that came in the same way, so it is learned from one that took the fast lane (`core.api.fast_lane`)
and put on the next. Everything that is not a plain 200 or 304 (errors, redirects, a host that is refused) goes the usual way.
"""

import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import structlog
from django.conf import settings
from django.db import close_old_connections

from core.api.documents import head_of
from core.api.fast_lane import LANE, PREFIX, match_of
from core.metrics import request_observe
from core.proxies import forwarded_address, is_trusted_proxy
from core.requests import SLOW_SECONDS, request_id_of

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

log = structlog.get_logger("request")

_CONCERN_OTHERS = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_X_API_KEY", "HTTP_ORIGIN")
_OF_THE_VIEW = frozenset(
    {
        "content-type",
        "content-length",
        "etag",
        "last-modified",
        "vary",
        "cache-control",
        "x-response-time",
        "x-request-id",
        "set-cookie",
    }
)
_STATUS = {200: "200 OK", 304: "304 Not Modified"}
_WAYS = 128
_HYGIENE_SECONDS = 5.0


class Express:
    """`application` with a way past it for document views. A refused or unusual request costs one dictionary look-up."""

    def __init__(self, application: Application, *, on_first_request: Callable[[], None] | None = None) -> None:
        self.application = application
        self._on_first_request = on_first_request
        self._learned: dict[tuple, Headers] = {}
        self._thread = threading.local()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self._on_first_request is not None:
            begin, self._on_first_request = self._on_first_request, None
            begin()
        path = environ.get("PATH_INFO", "")
        if (
            environ["REQUEST_METHOD"] != "GET"
            or not path.startswith(PREFIX)
            or not path.isascii()
            or environ.get("SCRIPT_NAME")
            or any(name in environ for name in _CONCERN_OTHERS)
        ):
            return self.application(environ, start_response)
        match = match_of(path)
        if match is None:
            return self.application(environ, start_response)
        way = _way(environ)
        known = self._learned.get(way)
        if known is None:
            return self._learn(environ, start_response, way)
        return self._answer(environ, start_response, path, match, known) or self.application(environ, start_response)

    def _answer(
        self, environ: Environ, start_response: StartResponse, path: str, match: Any, known: Headers
    ) -> list[bytes] | None:
        """The body, or None when the usual way has to answer; nothing was sent then."""
        started = time.perf_counter()
        request_id = request_id_of(environ.get("HTTP_X_REQUEST_ID"))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        self._connections_check(started)
        try:
            view = match.func.cls(**match.func.initkwargs)
            found = view.shared_document(path, environ.get("QUERY_STRING", ""), **match.kwargs)
            status, headers = head_of(environ, found, is_anonymous=True)
        except Exception:
            return None
        seconds = time.perf_counter() - started
        request_observe("GET", match.route, status, seconds)
        if settings.ACCESS_LOG == "all" or seconds > SLOW_SECONDS:
            address = forwarded_address(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""))
            log.info(
                "request",
                method="GET",
                path=path,
                status=status,
                ms=round(seconds * 1000, 1),
                address=address,
                user=None,
            )
        start_response(_STATUS[status], [*headers, *known, ("X-Request-ID", request_id)])
        return [found.body] if status == 200 else [b""]

    def _learn(self, environ: Environ, start_response: StartResponse, way: tuple) -> Iterable[bytes]:
        """Answer the usual way and keep what others than the view put on the answer."""

        def record(status: str, headers: Headers, exc_info: Any = None) -> Any:
            if LANE in environ and status.startswith("200 "):
                if len(self._learned) >= _WAYS:
                    self._learned.clear()
                self._learned[way] = [pair for pair in headers if pair[0].lower() not in _OF_THE_VIEW]
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self.application(environ, record)

    def _connections_check(self, now: float) -> None:
        """What Django does around every request, now and then: let go of database connections that are old or broken."""
        if now - getattr(self._thread, "checked", -_HYGIENE_SECONDS) >= _HYGIENE_SECONDS:
            self._thread.checked = now
            close_old_connections()


def _way(environ: Environ) -> tuple:
    """All that the headers of the outer middlewares depend on: scheme, host, and a proxy's word where it counts."""
    trusted = bool(settings.TRUSTED_PROXIES) and _is_trusted(environ.get("REMOTE_ADDR", ""))
    return (
        environ.get("wsgi.url_scheme"),
        environ.get("HTTP_HOST"),
        environ.get("HTTP_X_FORWARDED_PROTO") if trusted else None,
    )


@lru_cache(maxsize=1024)
def _is_trusted(address: str) -> bool:
    return is_trusted_proxy(address)
