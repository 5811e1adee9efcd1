"""Which pages may open sockets: a browser sends our cookie along from any page, so its `Origin` decides (threat 31)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from core.proxies import is_trusted_proxy

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
_PORTS = {"http": ":80", "https": ":443"}


def own_pages_only(application: Application) -> Application:
    """`application`, refusing handshakes (403) of pages that are neither ours nor named by the operator."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if is_from_own_page(scope):
            await application(scope, receive, send)
        elif (await receive())["type"] == "websocket.connect":
            await send({"type": "websocket.close", "code": 4003})  # before it is accepted: HTTP 403

    return guarded


def is_from_own_page(scope: dict[str, Any]) -> bool:
    """Whether the handshake comes from a page of ours or of `CSRF_TRUSTED_ORIGINS` or `CORS_ALLOWED_ORIGINS`.

    Clients that are no browsers send no `Origin`; they hold no cookies that another's page could ride on.
    """
    headers = scope["headers"]
    host = _only(headers, b"host")
    if host is None or not _is_ours(host):
        return False
    origins = [value for name, value in headers if name == b"origin"]
    if not origins:
        return True
    origin = _only(headers, b"origin") or ""
    if origin in {*settings.CSRF_TRUSTED_ORIGINS, *settings.CORS_ALLOWED_ORIGINS}:
        return True
    parts = urlsplit(origin)
    if parts.scheme not in _PORTS or (_is_secure(scope) and parts.scheme != "https"):
        return False
    port = _PORTS[parts.scheme]
    return parts.netloc.lower().removesuffix(port) == host.lower().removesuffix(port)


def _is_ours(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _only(headers: list[tuple[bytes, bytes]], name: bytes) -> str | None:
    """The value of a header that is there exactly once."""
    found = [value for key, value in headers if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else None


def _is_secure(scope: dict[str, Any]) -> bool:
    if scope.get("scheme") in ("wss", "https"):
        return True
    peer = (scope.get("client") or [""])[0]
    forwarded = _only(scope["headers"], b"x-forwarded-proto") or ""
    return is_trusted_proxy(peer) and forwarded.rpartition(",")[2].strip().lower() in ("https", "wss")
