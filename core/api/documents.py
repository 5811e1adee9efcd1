"""Views that answer stored JSON as bytes: validators, 304, sharing rules, and a short way for anonymous reads.

A request that carries no credentials needs none of DRF's authentication, throttling or rendering: it is answered before
them, by the same method, with the same errors. Everything else about such a view is as of any other (`core.api.views`).
"""

import math
import time
from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.http.response import HttpResponseBase
from django.utils.http import http_date, parse_http_date_safe
from rest_framework.request import Request

from core import generation, http_cache
from core.api.exceptions import domain_error
from core.api.permissions import Public
from core.api.problems import problem_response
from core.api.views import View
from core.errors import UnknownFilter

SHARED = "public, max-age=0, must-revalidate"
OWN = "private, no-cache"
VARY = "Authorization, Cookie, Origin, X-API-Key"
_FRESH_SECONDS = 2

_seen: tuple[int, float] = (-1, 0.0)


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON body with its validators. `etag` "" is worked out from the body, `modified` is epoch seconds.

    `is_shared` says that every anonymous visitor gets these bytes until the catalogue changes. `took` is how many milliseconds
    it took to make, where the answer tells that (`X-Response-Time`). No view puts another header on its answer:
    `core.api.express` would take it for one that all answers have.
    """

    body: bytes
    etag: str = ""
    modified: float | None = None
    is_shared: bool = True
    took: float | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks for what: the path, the query string, the viewer. `raw` is the query string of someone who is not signed in."""

    path: str
    params: QueryDict
    user: Any
    raw: str | None = None


class DocumentView(View):
    """GET answers `document(ask, **kwargs)`. Only a `Public` view takes the short way; others are checked as all views are."""

    access = Public

    @abstractmethod
    def document(self, ask: Ask, **kwargs: Any) -> Document:
        """The answer for `ask.user`; raises domain errors."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.access is not Public or request.method not in ("GET", "HEAD") or not is_anonymous(request):
            return super().dispatch(request, *args, **kwargs)
        try:
            found = self.shared_document(request.path, request.META.get("QUERY_STRING", ""), **kwargs)
            return respond(request, found, is_anonymous=True)
        except Exception as error:
            refused = domain_error(error)
            if refused is None:
                raise
            return problem_response(refused, request)

    def shared_document(self, path: str, raw: str, **kwargs: Any) -> Document:
        """The answer for a visitor who is not signed in; `raw` is the query string, unknown parameters are refused."""
        params = _params(raw)
        if self.query is not None and not self.query.issuperset(params):
            raise UnknownFilter(", ".join(sorted(set(params) - self.query))[:200])
        return self.document(Ask(path, params, AnonymousUser(), raw), **kwargs)

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        found = self.document(Ask(request.path, request.query_params, request.user), **kwargs)
        return respond(request._request, found, is_anonymous=not request.user.is_authenticated)


def is_anonymous(request: HttpRequest) -> bool:
    """Whether the request carries nothing that could sign anyone in."""
    meta = request.META
    if "HTTP_AUTHORIZATION" in meta or "HTTP_X_API_KEY" in meta:
        return False
    cookies = meta.get("HTTP_COOKIE")
    return not cookies or settings.SESSION_COOKIE_NAME not in cookies


def respond(request: HttpRequest, found: Document, *, is_anonymous: bool) -> HttpResponse:
    """`found` as 200 or 304, open to shared caches when it is anonymous and the same for all."""
    status, headers = head_of(request.META, found, is_anonymous=is_anonymous)
    response = HttpResponseNotModified() if status == 304 else HttpResponse(found.body, content_type="application/json")
    for name, value in headers:
        response.headers[name] = value
    return response


def head_of(meta: dict[str, Any], found: Document, *, is_anonymous: bool) -> tuple[int, list[tuple[str, str]]]:
    """Status (200 or 304) and headers of an answer to the request with this `META`; opens a shared 200 to the cache."""
    etag = f'"{found.etag or blake2b(found.body, digest_size=12).hexdigest()}"'
    modified = found.modified if found.modified is not None else _generation_seen()
    shared = is_anonymous and found.is_shared
    headers = [
        ("ETag", etag),
        ("Last-Modified", _date(_told(modified))),
        ("Vary", VARY),
        ("Cache-Control", SHARED if shared else OWN),
    ]
    if found.took is not None:
        headers.append(("X-Response-Time", f"{found.took:.1f}ms"))
    if is_current(meta, etag=etag, modified=modified):
        return 304, headers
    if shared:
        http_cache.allow(meta)
    return 200, [("Content-Type", "application/json"), ("Content-Length", str(len(found.body))), *headers]


def is_current(meta: dict[str, Any], *, etag: str, modified: float) -> bool:
    """Whether the client's copy is this one (RFC 9110: `If-None-Match` decides alone when it is there)."""
    if (given := meta.get("HTTP_IF_NONE_MATCH")) is not None:
        return etag_matches(given, etag)
    if (since := meta.get("HTTP_IF_MODIFIED_SINCE")) is not None:
        date = parse_http_date_safe(since)
        return date is not None and date >= math.floor(modified)
    return False


def etag_matches(given: str, etag: str) -> bool:
    """Weak comparison of an `If-None-Match` list with a strong tag in quotes."""
    return given.strip() == "*" or any(item.strip().removeprefix("W/") == etag for item in given.split(","))


def _told(modified: float) -> int:
    """What `Last-Modified` says. HTTP counts whole seconds: of something that changed in this very second the second
    before is told, so that a copy from before another change in it is not taken for current later on."""
    whole = math.floor(modified)
    return whole - 1 if time.time() - modified < _FRESH_SECONDS else whole


@lru_cache(maxsize=1024)
def _params(raw: str) -> QueryDict:
    """A query string as WSGI hands it over, read; it cannot be changed, so all requests share it."""
    return QueryDict(raw.encode("latin-1"))


@lru_cache(maxsize=256)
def _date(seconds: int) -> str:
    return http_date(seconds)


def _generation_seen() -> float:
    """When this process first saw the running generation: nothing in the catalogue is younger than that."""
    global _seen
    now = generation.current()
    if _seen[0] != now:
        _seen = (now, time.time())
    return _seen[1]
