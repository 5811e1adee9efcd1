"""A short way for anonymous reads of stored documents: past sessions, locale, messages, accounts and page policies.

Those middlewares cost several times the read itself and have no part in it. The answer is the same: same view, same
headers. Anything but a plain 200 or 304 goes the usual way, so that errors are made and translated in one place.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

from core.api.documents import DocumentView, is_anonymous
from core.api.permissions import Public

PREFIX = "/api/"
LANE = "hiroba.lane"
"""Set in the environment of a request that was answered here."""
_PASSED = ("HTTP_ORIGIN", "HTTP_COOKIE")
"""Requests with these concern the middlewares behind: CORS, sessions, languages."""
_HEADERS = (
    "X-Frame-Options",
    "Content-Security-Policy",
    "Content-Security-Policy-Report-Only",
    "Permissions-Policy",
    "Permissions-Policy-Report-Only",
)


class FastLaneMiddleware:
    """Stands behind the middlewares that concern every request (ids, proxies, HTTPS) and before all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._headers: dict[str, str] | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.method == "GET"
            and request.path_info.startswith(PREFIX)
            and not any(request.META.get(name) for name in _PASSED)
            and is_anonymous(request)
        ):
            match = match_of(request.path_info)
            if match is not None:
                return self._answer(request, match)
        return self.get_response(request)

    def _answer(self, request: HttpRequest, match: ResolverMatch) -> HttpResponse:
        if self._headers is None:
            return self._learn(self.get_response(request))
        request.get_host()  # refuses a host that is not ours, as CommonMiddleware does
        response = match.func(request, *match.args, **match.kwargs)
        if response.status_code not in (200, 304):
            return self.get_response(request)
        request.resolver_match = match
        for name, value in self._headers.items():
            response.headers[name] = value
        request.META[LANE] = True
        return response

    def _learn(self, response: HttpResponse) -> HttpResponse:
        """Keep what the skipped middlewares put on every answer, from one that came the usual way."""
        if response.status_code == 200:
            self._headers = {name: response[name] for name in _HEADERS if name in response}
        return response


@lru_cache(maxsize=4096)
def match_of(path: str) -> ResolverMatch | None:
    """The route of a public document view, None for all else."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    view: Any = getattr(match.func, "cls", None)
    return match if view is not None and issubclass(view, DocumentView) and view.access is Public else None
