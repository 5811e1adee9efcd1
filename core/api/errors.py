"""Answers of addresses under /api/ that no route matches."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from core.api.problems import problem_response
from core.errors import RouteNotFound


@csrf_exempt
def route_not_found(request: HttpRequest) -> HttpResponse:
    """404 `route_not_found` as a problem document, whatever the method."""
    return problem_response(RouteNotFound(), request)
