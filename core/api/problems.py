"""RFC 9457 problem documents from domain errors."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.api.renderers import json_bytes
from core.errors import DomainError

CONTENT_TYPE = "application/problem+json"


def problem_document(error: DomainError, *, request_id: str = "") -> dict[str, Any]:
    """The body of an error: type, title, status, detail, error (the stable code), request_id and the error's own extras."""
    return {
        "type": f"/api/v1/docs/errors#{error.code}",
        "title": str(error.title),
        "status": error.status,
        "detail": str(error.detail or error.title),
        "error": error.code,
        "request_id": request_id,
        **error.extra,
    }


def problem_response(error: DomainError, request: HttpRequest | None = None) -> HttpResponse:
    """A plain Django response for code that runs outside of DRF."""
    request_id = getattr(request, "request_id", "") if request is not None else ""
    response = HttpResponse(
        json_bytes(problem_document(error, request_id=request_id)), content_type=CONTENT_TYPE, status=error.status
    )
    for name, value in error.headers.items():
        response[name] = value
    return response
