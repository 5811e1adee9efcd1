"""Where a form leads when it was sent without scripts, and what is said there."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from core.errors import DomainError, ValidationFailed
from core.site.own_addresses import own_address


def is_partial(request: HttpRequest) -> bool:
    """Whether a script asks for a piece of the page."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request  # type: ignore[union-attr]


def next_of(request: HttpRequest, default: str = "") -> str:
    """The address in `next`, else the page that the form stood on, when it is one of this site's; else `default`, else
    the own list. Forms that stand on a page a hundred times leave `next` out.
    """
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    for address in (wanted, "" if wanted else request.META.get("HTTP_REFERER", "")):
        if found := own_address(request, address):
            return found
    return default or reverse("my-list")


def error_words(error: DomainError) -> str:
    """What was refused, in one sentence for a person."""
    if isinstance(error, ValidationFailed):
        said = [str(message) for found in error.extra["fields"].values() for message in found]
        if said:
            return " ".join(dict.fromkeys(said))
    return str(error.detail or error.title)


def refused(request: HttpRequest, error: DomainError, default: str = "") -> HttpResponseBase:
    """A plain form leads back and the reason is told there; a script gets the problem document with its status."""
    if is_partial(request):
        raise error
    messages.error(request, error_words(error))
    return redirect(next_of(request, default))


def done(request: HttpRequest, text: str, *, undo: str = "", default: str = "") -> HttpResponseBase:
    """A plain form leads back, and what was done is told there with the way to take it back (an address to POST to)."""
    messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
    return redirect(next_of(request, default))


def toast_html(request: HttpRequest, text: str, *, undo: str = "", place: str = "") -> str:
    """The message for a piece of a page; `place` tells the undo what to draw anew (row, menu, history)."""
    context = {"text": text, "undo": undo, "place": place}
    return render_to_string("lists/partials/toast.html", context, request=request)


def triggering(response: HttpResponse, **events: Any) -> HttpResponse:
    """The answer, after which the page's script hears of `events` (htmx)."""
    response["HX-Trigger"] = json.dumps({name.replace("_", ":"): value for name, value in events.items()})
    return response
