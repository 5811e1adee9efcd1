"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, spotlight, continue watching and the rows of the catalogue."""
    return render(request, "catalog/home.html")
