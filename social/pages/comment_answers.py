"""How the forms of conversations are read and answered: a piece for a script, the way to the comment for a plain form."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from core.errors import DomainError, NotAuthenticated, ValidationFailed
from core.site.own_addresses import own_address
from core.throttles import throttle_check, throttle_key
from social.limits import COMMENTS, COMMENTS_HOURLY
from social.pages.thread_views import sign_in_path
from social.services.comments import CommentDraft
from social.services.nonces import NONCE_LENGTH

NUMBER_DIGITS = 9
DRAFT_COOKIE = "draft_done"
DRAFT_SECONDS = 600


def is_fetch(request: HttpRequest) -> bool:
    """Whether a script of ours asks, which wants a piece of the page and problem documents."""
    return request.headers.get("X-Requested-With") == "fetch"


def draft_read(request: HttpRequest) -> CommentDraft:
    """What the composer sent, with line breaks as we keep them. An episode's field left empty gives nothing away."""
    number = request.POST.get("spoils_episode")
    return CommentDraft(
        body=request.POST.get("body", "").replace("\r\n", "\n"),
        is_spoiler=request.POST.get("is_spoiler") == "1",
        spoils_episode=None if number is None else _number(number.strip()),
    )


def _number(text: str) -> int:
    """The number of an episode; what is none, 0. One that is too large is left to the service to refuse."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS else 0


def write_count(request: HttpRequest) -> None:
    """Count a comment against the limits that the API shares. Raises `RateLimited`."""
    for limit in (COMMENTS, COMMENTS_HOURLY):
        throttle_check(limit, throttle_key(limit, request))


def writes(request: HttpRequest, back: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    """`act` for who is signed in; a script of somebody who is not gets 401, a plain form leads to the sign-in and `back`."""
    if request.user.is_authenticated:
        return act()
    if is_fetch(request):
        raise NotAuthenticated()
    return redirect(sign_in_path(back))


def words_of(error: DomainError) -> str:
    """What was refused, in one sentence for a person."""
    if isinstance(error, ValidationFailed):
        said = [str(message) for found in error.extra["fields"].values() for message in found]
        if said:
            return " ".join(dict.fromkeys(said))
    return str(error.detail or error.title)


def draft_done(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell static/js/composer.js that the form which was sent (its nonce says which) was taken, so that its draft goes."""
    nonce = request.POST.get("nonce", "")
    if nonce.isalnum() and nonce.isascii() and len(nonce) <= NONCE_LENGTH:
        is_secure = request.is_secure()
        response.set_cookie(DRAFT_COOKIE, nonce, max_age=DRAFT_SECONDS, samesite="Lax", secure=is_secure)
    patch_cache_control(response, private=True, no_store=True)
    return response


def back_to(request: HttpRequest, default: str, anchor: str) -> HttpResponse:
    """To the page that the form stood on, at `anchor`; to `default` when that is not ours or unknown."""
    found = own_address(request, request.META.get("HTTP_REFERER", ""))
    return redirect(f"{found.split('#')[0]}#{anchor}" if found else default)
