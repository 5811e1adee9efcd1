"""Domain errors that leave a page: the error pages, or a problem document for scripts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.api.problems import problem_response
from core.errors import DomainError

PAGES = {404: "404.html"}


class PageErrorMiddleware:
    """Turns a `DomainError` raised by a page into an answer with its status: HTML for a person, a problem document for the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        wants_html = "text/html" in request.META.get("HTTP_ACCEPT", "") and not request.path.startswith("/api/")
        if not wants_html:
            return problem_response(exception, request)
        context = {"error": exception, "reason": exception.extra.get("moderation_reason", "")}
        template = PAGES.get(exception.status, "error.html")
        response = render(request, template, context, status=exception.status)
        for name, value in exception.headers.items():
            response[name] = value
        return response
