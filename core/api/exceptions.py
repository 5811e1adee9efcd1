"""DRF's exception handler: everything leaves as a problem document with a stable code."""

from typing import Any

import structlog
from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions as drf
from rest_framework.response import Response

from core import errors
from core.api.problems import CONTENT_TYPE, problem_document

log = structlog.get_logger("api")


def _flatten(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """DRF's nested validation detail as {dotted field: messages}."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, value in detail.items():
            found.update(_flatten(value, f"{prefix}.{name}" if prefix else str(name)))
        return found
    if isinstance(detail, list) and any(isinstance(item, (dict, list)) for item in detail):
        found = {}
        for index, item in enumerate(detail):
            if item:
                found.update(_flatten(item, f"{prefix}.{index}" if prefix else str(index)))
        return found
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix or "non_field_errors": [str(message) for message in messages]}


def domain_error(exc: Exception) -> errors.DomainError | None:
    """The domain error that `exc` stands for, or None when it is a fault of ours."""
    match exc:
        case errors.DomainError():
            return exc
        case drf.ValidationError():
            return errors.ValidationFailed(_flatten(exc.detail))
        case DjangoValidationError():
            return errors.ValidationFailed(getattr(exc, "message_dict", None) or {"non_field_errors": exc.messages})
        case drf.ParseError() | BadRequest() | TooManyFieldsSent() | SuspiciousOperation() if not isinstance(
            exc, RequestDataTooBig
        ):
            return errors.MalformedRequest()
        case RequestDataTooBig():
            return errors.PayloadTooLarge()
        case drf.NotAuthenticated() | drf.AuthenticationFailed():
            return errors.NotAuthenticated(headers={"WWW-Authenticate": 'Bearer realm="api"'})
        case drf.PermissionDenied() | DjangoPermissionDenied():
            return errors.PermissionDenied()
        case drf.NotFound() | Http404() | ObjectDoesNotExist():
            return errors.NotFound()
        case drf.MethodNotAllowed():
            return errors.MethodNotAllowed()
        case drf.UnsupportedMediaType():
            return errors.UnsupportedMediaType()
        case drf.NotAcceptable():
            return errors.NotAcceptable()
        case OperationalError():
            return errors.ServiceUnavailable(headers={"Retry-After": "5"})
    return None


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. A fault of ours is logged with its trace and answered by a bare 500 that leaks nothing."""
    request = context.get("request")
    error = domain_error(exc)
    if error is None:
        log.error("unhandled", exc_info=exc)
        error = errors.ServerError()
    request_id = getattr(getattr(request, "_request", request), "request_id", "")
    headers = dict(error.headers)
    view = context.get("view")
    if isinstance(exc, drf.MethodNotAllowed) and view is not None:
        headers["Allow"] = ", ".join(view.allowed_methods)
    response = Response(problem_document(error, request_id=request_id), status=error.status, headers=headers)
    response.content_type = CONTENT_TYPE
    return response
