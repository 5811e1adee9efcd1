"""A small response cache in front of Django for anonymous reads that a view has opened to it.

It wraps the WSGI application. A hit costs a dictionary look-up: no middleware, no URL resolving, no database. It is
correct under every write because an entry is good for one generation of the catalogue only (`core.generation`): writers
move that number on when they commit, before their answer leaves. The number is read *before* a response is computed, so
what was computed from an older snapshot is stored under the older number and never given again.

A view opens its response with `allow(request.META)`; only 200s of GET without credentials are kept.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.utils.http import parse_http_date_safe
from prometheus_client import Counter

from core import generation
from core.requests import request_id_of

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

HITS = Counter("hiroba_response_cache_hits_total", "Requests answered before Django")

FLAG = "hiroba.cache"
_CREDENTIALS = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_X_API_KEY", "HTTP_RANGE")
_KEY = ("PATH_INFO", "QUERY_STRING", "HTTP_HOST", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_ORIGIN")
_VARYING = {"accept-encoding": "HTTP_ACCEPT_ENCODING", "accept-language": "HTTP_ACCEPT_LANGUAGE"}
# Named in Vary and yet no reason to tell answers apart: a request with credentials never comes here, the origin is in the key.
_SETTLED = frozenset({"authorization", "cookie", "x-api-key", "origin"})
_NOT_KEPT = frozenset({"x-request-id", "age", "date"})
_OF_304 = frozenset({"cache-control", "content-location", "etag", "expires", "vary", "last-modified"})
_SETTLED_SECONDS = 4
_OVERHEAD = 600
"""Bytes that an entry takes beside its body: key, headers, bookkeeping."""


def allow(meta: Environ) -> None:
    """Open the response to the request with this `META` to the cache. Without the cache in front it does nothing."""
    slot = meta.get(FLAG)
    if slot is not None:
        slot.is_allowed = True


@dataclass(slots=True)
class Slot:
    """Hangs in the request's environment while Django works: may the response be kept?"""

    is_allowed: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored 200. `stored_at` is of the monotonic clock; `etag` and `modified` (a settled `Last-Modified`) may be ""."""

    generation: int
    stored_at: float
    headers: Headers
    body: bytes
    etag: str
    modified: str
    not_modified: Headers


@dataclass(slots=True)
class Figures:
    """What the cache did since the process began."""

    hits: int = 0
    misses: int = 0
    bytes: int = 0
    entries: int = 0


@dataclass(slots=True)
class _Recorded:
    status: str = ""
    headers: Headers = field(default_factory=list)


class ResponseCache:
    """`application` with at most `size` bytes of its answers in front of it, each at most `ttl` seconds old."""

    def __init__(
        self,
        application: Application,
        *,
        size: int,
        ttl: float = 300.0,
        on_first_request: Callable[[], None] | None = None,
    ) -> None:
        self.application, self.size, self.ttl = application, size, ttl
        self.figures = Figures()
        self._on_first_request = on_first_request
        self._lock = threading.Lock()
        self._entries: OrderedDict[tuple, Entry] = OrderedDict()
        self._varying: dict[tuple, tuple[str, ...]] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self._on_first_request is not None:
            begin, self._on_first_request = self._on_first_request, None
            begin()
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD") or any(name in environ for name in _CREDENTIALS):
            return self.application(environ, start_response)
        base = tuple([environ.get(name) for name in _KEY])
        now = generation.current()
        entry = self._find(base, environ, now)
        if entry is not None:
            return self._answer(entry, environ, start_response, method)
        self.figures.misses += 1
        if method == "HEAD":
            return self.application(environ, start_response)
        return self._compute(base, environ, start_response, now)

    def clear(self) -> None:
        """Forget everything (tests)."""
        with self._lock:
            self._entries.clear()
            self._varying.clear()
            self.figures.bytes = self.figures.entries = 0

    def _find(self, base: tuple, environ: Environ, now: int) -> Entry | None:
        names = self._varying.get(base)
        if names is None:
            return None
        key = (base, *[environ.get(name) for name in names])
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.generation != now or time.monotonic() - entry.stored_at > self.ttl:
            self._drop(key, entry)
            return None
        with suppress(KeyError):  # another thread may just have pushed it out; what we hold is still good
            self._entries.move_to_end(key)
        return entry

    def _answer(self, entry: Entry, environ: Environ, start_response: StartResponse, method: str) -> list[bytes]:
        self.figures.hits += 1
        HITS.inc()
        own = [
            ("X-Request-ID", request_id_of(environ.get("HTTP_X_REQUEST_ID"))),
            ("Age", str(int(time.monotonic() - entry.stored_at))),
        ]
        given = environ.get("HTTP_IF_NONE_MATCH")
        if given is not None and entry.etag and _matches(given, entry.etag):
            start_response("304 Not Modified", entry.not_modified + own)
            return []
        if given is None and entry.modified and environ.get("HTTP_IF_MODIFIED_SINCE") == entry.modified:
            start_response("304 Not Modified", entry.not_modified + own)
            return []
        start_response("200 OK", entry.headers + own)
        return [] if method == "HEAD" else [entry.body]

    def _compute(self, base: tuple, environ: Environ, start_response: StartResponse, now: int) -> Iterable[bytes]:
        slot, recorded = Slot(), _Recorded()
        environ[FLAG] = slot

        def record(status: str, headers: Headers, exc_info: Any = None) -> Any:
            recorded.status, recorded.headers = status, headers
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        answer = self.application(environ, record)
        if not slot.is_allowed or not recorded.status.startswith("200 "):
            return answer
        try:
            body = b"".join(answer)
        finally:
            if (close := getattr(answer, "close", None)) is not None:
                close()
        self._store(base, environ, now, recorded.headers, body)
        return [body]

    def _store(self, base: tuple, environ: Environ, now: int, headers: Headers, body: bytes) -> None:
        names: list[str] = []
        etag = modified = ""
        for name, value in headers:
            lowered = name.lower()
            if lowered == "set-cookie":
                return
            if lowered == "etag":
                etag = value
            if lowered == "last-modified":
                modified = _settled_date(value)
            if lowered == "vary":
                for item in (part.strip().lower() for part in value.split(",")):
                    if item in _VARYING:
                        names.append(_VARYING[item])
                    elif item not in _SETTLED:
                        return
        if len(body) + _OVERHEAD > self.size // 4:
            return
        kept = [(name, value) for name, value in headers if name.lower() not in _NOT_KEPT]
        bare = [(name, value) for name, value in kept if name.lower() in _OF_304]
        entry = Entry(now, time.monotonic(), kept, body, etag, modified, bare)
        key = (base, *[environ.get(name) for name in names])
        with self._lock:
            old = self._entries.pop(key, None)
            if old is not None:
                self.figures.bytes -= len(old.body) + _OVERHEAD
            self._entries[key] = entry
            self._varying[base] = tuple(names)
            self.figures.bytes += len(body) + _OVERHEAD
            while self.figures.bytes > self.size:
                self._evict()
            self.figures.entries = len(self._entries)

    def _evict(self) -> None:
        """Push the least recently used entry out; the lock is held."""
        key, entry = self._entries.popitem(last=False)
        self.figures.bytes -= len(entry.body) + _OVERHEAD
        self._forget_varying(key[0])

    def _drop(self, key: tuple, entry: Entry) -> None:
        with self._lock:
            if self._entries.get(key) is entry:
                del self._entries[key]
                self.figures.bytes -= len(entry.body) + _OVERHEAD
                self.figures.entries = len(self._entries)
                self._forget_varying(key[0])

    def _forget_varying(self, base: tuple) -> None:
        names = self._varying.get(base)
        # Without varying headers the entry that went was the only one of its address.
        if names == () or len(self._varying) > 4 * (len(self._entries) + 64):
            self._varying.pop(base, None)


def _matches(given: str, etag: str) -> bool:
    return given.strip() == "*" or any(item.strip().removeprefix("W/") == etag for item in given.split(","))


def _settled_date(value: str) -> str:
    """`Last-Modified` when it lies far enough back that no other version can bear the same second, else ""."""
    told = parse_http_date_safe(value)
    return value if told is not None and time.time() - told >= _SETTLED_SECONDS else ""
