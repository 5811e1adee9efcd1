"""The pages of things that went wrong; under /api/ they are problem documents."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import errors
from core.api.problems import problem_response


def _wants_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if _wants_api(request):
        return problem_response(errors.RouteNotFound(), request)
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    if _wants_api(request):
        return problem_response(errors.ServerError(), request)
    return render(request, "500.html", status=500)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if _wants_api(request):
        return problem_response(errors.PermissionDenied(), request)
    return render(request, "403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if _wants_api(request):
        return problem_response(errors.MalformedRequest(), request)
    return render(request, "400.html", status=400)
