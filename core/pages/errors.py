"""Error pages; API paths get problem documents from core.api instead."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template, request=request), status=status)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 with the search field and ways on."""
    return _page(request, "404.html", 404)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed (or a form token that has gone stale)."""
    return _page(request, "403.html", 403)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: an address or form that makes no sense."""
    return HttpResponse(render_to_string("400.html"), status=400)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500 without any context: nothing that may be broken is asked for."""
    return HttpResponse(render_to_string("500.html"), status=500)
