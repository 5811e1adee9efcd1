"""What surrounds every request: its id, its log line, its place in the metrics."""

import logging
import re
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.ids import uuid7
from core.metrics import request_observe
from core.proxies import client_address

log = structlog.get_logger("request")

_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
SLOW_SECONDS = 0.5
SECRET_PARAMETERS = frozenset({"key", "token"})


def request_id_of(given: str | None) -> str:
    """The caller's `X-Request-ID` when it is 8–64 harmless characters, else a new UUIDv7."""
    return given if given and _GIVEN.fullmatch(given) else str(uuid7())


def path_shown(request: HttpRequest) -> str:
    """The path for a log: of routes whose address is itself a secret (a parameter `key` or `token`) only the pattern."""
    match = request.resolver_match
    return f"/{match.route}" if match and SECRET_PARAMETERS & match.kwargs.keys() else request.path


class SecretPaths(logging.Filter):
    """Django's own lines about answers name the path: of secret addresses they get what `path_shown` shows."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(path_shown(request) if arg == request.path else arg for arg in record.args)
        return True


class RequestMiddleware:
    """Outermost: `request.request_id`, `X-Request-ID`, structured log context, metrics, one log line.

    ACCESS_LOG=all logs every request; the default `notable` logs writes, errors and what took longer than half a second.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.logs_all = settings.ACCESS_LOG == "all"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request.request_id = request_id_of(request.META.get("HTTP_X_REQUEST_ID"))  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        seconds = time.perf_counter() - started
        match = request.resolver_match
        request_observe(request.method or "", match.route if match else "unmatched", response.status_code, seconds)
        status = response.status_code
        if self.logs_all or status >= 500 or seconds > SLOW_SECONDS or request.method not in ("GET", "HEAD"):
            user = getattr(request, "_cached_user", None) or getattr(request, "api_user", None)
            log.info(
                "request",
                method=request.method,
                path=path_shown(request),
                status=status,
                ms=round(seconds * 1000, 1),
                address=client_address(request),
                user=str(user.pk) if user is not None and user.pk else None,
            )
        return response
