"""Addresses that only take forms: whoever comes to one by reading is led to the page that holds the form."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponse]


def posted_from(name: str, *keep: str) -> Callable[[View], View]:
    """Let a page take POST alone, and send a GET on to the page called `name`, with those arguments of its own.

    People do come: after a sign-in that a form with an expired session asked for, and by reloading a form's answer.
    """

    def decorate(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            return redirect(name, *(kwargs[key] for key in keep))

        return answer

    return decorate
