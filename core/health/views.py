"""`/health`, `/health/detailed`, `/ready`, `/metrics`."""

import ipaddress
import secrets
from typing import cast

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.settings import api_settings

from core.api import scopes
from core.api.problems import problem_response
from core.errors import DomainError, PermissionDenied
from core.health.checks import readiness
from core.health.registry import State
from core.health.report import report_make, report_recent
from core.metrics import metrics_text
from core.proxies import client_address

log = structlog.get_logger("health")


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all; touches neither database nor broker."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def health_detailed(request: HttpRequest) -> HttpResponse:
    """Every part of the site for those who may see `/metrics` and for bearers who are staff; one word for everybody else.

    503 when the site cannot do its work; a part of it that does not work is 200 and `degraded`.
    """
    sees_all = _is_local(request) or _has_token(request) or _is_staff_surely(request)
    report = report_make() if sees_all else report_recent()
    body = report.whole() if sees_all else report.public()
    return JsonResponse(body, status=503 if report.state == State.UNHEALTHY else 200)


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when database, broker, cache and disk are fine, else 503. Details only for staff."""
    checks = readiness()
    is_ready = all(check.is_ok for check in checks)
    body: dict = {
        "status": "ready" if is_ready else "not_ready",
        "checks": {check.name: "ok" if check.is_ok else "failed" for check in checks},
    }
    if checks[0].is_ok and _is_staff(request):
        body["detail"] = {c.name: {"detail": c.detail, "milliseconds": c.milliseconds} for c in checks}
    return JsonResponse(body, status=200 if is_ready else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text for this host, for a bearer of METRICS_TOKEN, and for staff; 403 for everybody else."""
    if not (_is_local(request) or _has_token(request) or _is_staff(request)):
        return problem_response(PermissionDenied(), request)
    body, content_type = metrics_text()
    return HttpResponse(body, content_type=content_type)


def _is_staff(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated and user.is_staff)


def _is_staff_surely(request: HttpRequest) -> bool:
    """By the site's session or an access token, and never an error: without a database nobody can be recognised."""
    try:
        if _is_staff(request):
            return True
        if scopes.HEADER in request.META or "HTTP_AUTHORIZATION" not in request.META:
            return False
        kinds = cast(list[type[BaseAuthentication]], api_settings.DEFAULT_AUTHENTICATION_CLASSES)
        user = Request(request, authenticators=[kind() for kind in kinds]).user
        return bool(user is not None and user.is_authenticated and user.is_staff)
    except (APIException, DomainError):
        return False
    except Exception as error:
        log.warning("health_reader_unknown", error=type(error).__name__)
        return False


def _is_local(request: HttpRequest) -> bool:
    # A forwarded request comes from a proxy on this host for somebody elsewhere, so it is not local.
    if "HTTP_X_FORWARDED_FOR" in request.META or request.META.get("hiroba.was_forwarded"):
        return False
    try:
        return ipaddress.ip_address(client_address(request)).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    given = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
