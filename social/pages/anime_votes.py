"""Voting on the page of an anime."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.facade import User
from core.errors import DomainError, NotFound
from core.site.posted import posted_from
from core.throttles import throttle_check, throttle_key
from social.limits import VOTES
from social.selectors.anime_votes import votes_of
from social.services.anime_votes import anime_vote_remove, anime_vote_set


@posted_from("anime", "anime_id")
@login_required
def anime_vote(request: HttpRequest, anime_id: int) -> HttpResponse:
    """`value` 1 or -1, anything else takes the vote back. htmx gets the buttons anew, a form the page."""
    actor, value = cast(User, request.user), request.POST.get("value")
    is_htmx = bool(getattr(request, "htmx", False))
    refused = ""
    try:
        throttle_check(VOTES, throttle_key(VOTES, request))
        if value in ("1", "-1"):
            anime_vote_set(actor=actor, anime_id=anime_id, value=int(value))
        else:
            anime_vote_remove(actor=actor, anime_id=anime_id)
    except NotFound:
        raise
    except DomainError as error:
        refused = str(error.detail or error.title)
    if is_htmx:
        return HttpResponse(votes_html(request, anime_id=anime_id, refused=refused))
    if refused:
        messages.error(request, refused)
    return redirect("anime", anime_id=anime_id)


def votes_html(request: HttpRequest, *, anime_id: int, refused: str = "") -> str:
    """The two buttons with their numbers; the page and htmx answers share them."""
    page = reverse("anime", args=[anime_id])
    context = {
        "votes": votes_of(request.user, anime_id),
        "refused": refused,
        "sign_in": f"{reverse('account_login')}?next={page}",
    }
    return render_to_string("social/anime_votes.html", context, request=request)
