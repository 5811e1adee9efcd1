"""The service worker that shows push messages. At the root, because it may speak for no more than what lies below it."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@cache
def _source() -> bytes:
    found = finders.find("js/sw.js")
    if found is None:
        raise FileNotFoundError("static/js/sw.js")
    return Path(found).read_bytes()


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """`/sw.js`: browsers ask for it again now and then, and take a changed one at once."""
    return HttpResponse(
        _source(),
        content_type="text/javascript; charset=utf-8",
        headers={"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"},
    )
