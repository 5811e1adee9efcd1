"""Where the `type` of a problem document leads: every error code in words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.error_docs import errors_listed


@require_safe
def error_codes(request: HttpRequest) -> HttpResponse:
    """One anchor a code."""
    return render(request, "core/error_codes.html", {"errors": errors_listed()})
