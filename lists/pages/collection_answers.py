"""How the forms of collections answer: back to their page with a word, or a plain status for a script."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.errors import DomainError, NotFound
from core.site.posted import View
from core.site.posted import posted_from as form_page
from core.throttles import throttle_check, throttle_key
from lists.limits import COLLECTION_WRITES


def posted_from(name: str, *keep: str) -> Callable[[View], View]:
    """`core.site.posted` for what changes a collection: each POST counts against the API's limit."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, **kwargs: object) -> HttpResponse:
            write_count(request)
            return view(request, **kwargs)

        return form_page(name, *keep)(counted)

    return decorate


def write_count(request: HttpRequest) -> None:
    """Count a change against the API's limit. Raises `RateLimited`."""
    throttle_check(COLLECTION_WRITES, throttle_key(COLLECTION_WRITES, request))


def is_fetch(request: HttpRequest) -> bool:
    """Whether a script of ours asks, which wants a fragment and problem documents."""
    return request.headers.get("X-Requested-With") == "fetch"


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks, which wants the fragment it will swap."""
    return bool(getattr(request, "htmx", False))


def words_of(error: DomainError) -> str:
    """One sentence of what was refused: of the first field that is wrong, else of the whole."""
    fields = error.extra.get("fields") or {}
    return str(next((message for messages in fields.values() for message in messages), error.detail or error.title))


def form_answer(request: HttpRequest, back: str, act: Callable[[], object], *, said: str = "") -> HttpResponse:
    """Do `act` and lead `back` (an address), with `said` or with what was refused; a script gets 204 or the problem.

    What is not there is 404 for everybody: `NotFound` goes on.
    """
    try:
        act()
    except DomainError as error:
        if is_fetch(request) or isinstance(error, NotFound):
            raise
        messages.error(request, words_of(error))
        return redirect(back)
    if is_fetch(request):
        return HttpResponse(status=204)
    if said:
        messages.success(request, said)
    return redirect(back)
