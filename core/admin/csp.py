"""The admin's own content security policy: Unfold's Alpine evaluates expressions, the site never does."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ADMIN = "/admin/"


class AdminPolicyMiddleware:
    """Loosens `script-src` for /admin/ alone; everything else of the policy stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(ADMIN):
            response._csp_update = {"script-src": ["'unsafe-eval'", "'unsafe-inline'"]}  # type: ignore[attr-defined]
        return response
