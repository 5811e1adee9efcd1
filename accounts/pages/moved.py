"""Addresses that others expect and that lead to a page of ours."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET


def moved_to(name: str) -> Callable[[HttpRequest], HttpResponse]:
    """A page that sends on to the one called `name`."""

    @require_GET
    def moved(request: HttpRequest) -> HttpResponse:
        return redirect(name)

    return moved
