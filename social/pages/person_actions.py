"""What one does with a person on a page: befriend, accept, follow, block; as forms, and as pieces for scripts."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.facade import User, people_visible
from core.errors import DomainError, MalformedRequest, NotFound, Text
from core.site.own_addresses import own_address
from core.site.posted import posted_from
from core.throttles import Limit, throttle_check, throttle_done, throttle_key
from social.limits import FRIEND_REQUESTS, RELATIONS
from social.pages.friends import own_tabs
from social.pages.people_pieces import PIECES, piece_html
from social.services import relations as services


@dataclass(frozen=True, slots=True)
class Act:
    """What one button does, what is said then, and the limit of what it did, which it shares with the API."""

    do: Callable[[User, UUID], object]
    said: Text
    limit: Limit | None = None


ACTS = {
    "befriend": Act(
        lambda actor, other: services.friendship_request(actor=actor, user_id=other), _("You asked."), FRIEND_REQUESTS
    ),
    "accept": Act(
        lambda actor, other: services.friendship_accept(actor=actor, friendship_id=other), _("You are friends now.")
    ),
    "reject": Act(lambda actor, other: services.friendship_reject(actor=actor, friendship_id=other), _("Declined.")),
    "cancel": Act(
        lambda actor, other: services.friendship_remove(actor=actor, friendship_id=other), _("You took it back.")
    ),
    "remove": Act(
        lambda actor, other: services.friendship_remove(actor=actor, friendship_id=other), _("You are not friends now.")
    ),
    "follow": Act(lambda actor, other: services.person_follow(actor=actor, user_id=other), _("You follow them.")),
    "unfollow": Act(
        lambda actor, other: services.person_unfollow(actor=actor, user_id=other), _("You do not follow them now.")
    ),
    "unblock": Act(lambda actor, other: services.person_unblock(actor=actor, user_id=other), _("Unblocked.")),
}


@posted_from("friends")
@login_required
def person_act(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """`act` is one of `ACTS`; a form leads back to `next`, a script gets the buttons as they are now."""
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise MalformedRequest()
    actor = cast(User, request.user)
    try:
        throttle_check(RELATIONS, throttle_key(RELATIONS, request))
        with throttle_done(act.limit, throttle_key(act.limit, request)) if act.limit else nullcontext():
            act.do(actor, person_id)
    except NotFound:
        raise
    except DomainError as error:
        return _answer(request, person_id, str(error.title), is_error=True)
    return _answer(request, person_id, str(act.said))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def person_block(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What a block means, and doing it. 404 for nobody, for oneself, and for whom one does not see."""
    actor, back = cast(User, request.user), own_address(request, request.GET.get("next", ""))
    if request.method == "POST":
        throttle_check(RELATIONS, throttle_key(RELATIONS, request))
        services.person_block(actor=actor, user_id=person_id)
        messages.success(request, str(_("Blocked. Neither of you sees the other now.")))
        return redirect(f"{reverse('friends')}?tab=blocked")
    person = _person(request, person_id)
    context = {"person": person, "back": back or reverse("profile", args=[person.username])}
    return render(request, "social/friends/block.html", context)


@require_safe
@never_cache
@login_required
def person_menu(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The items of the menu beside a name that depend on how the viewer stands to this person; a piece for htmx."""
    return HttpResponse(piece_html(request, _person(request, person_id), piece="menu"))


def _person(request: HttpRequest, person_id: UUID) -> User:
    """Another person whom the viewer sees. Raises `NotFound`."""
    viewer = cast(User, request.user)
    person = people_visible(viewer).filter(pk=person_id).first()
    if person is None or person.pk == viewer.pk:
        raise NotFound()
    return person


def _answer(request: HttpRequest, person_id: UUID, said: str, *, is_error: bool = False) -> HttpResponse:
    if not getattr(request, "htmx", False):
        (messages.error if is_error else messages.success)(request, said)
        return redirect(own_address(request, request.POST.get("next", "")) or "friends")
    piece: Any = request.POST.get("piece")
    person = people_visible(cast(User, request.user)).filter(pk=person_id).first()
    answer = HttpResponse()
    if person is None:  # unblocked, but meanwhile gone
        answer["HX-Refresh"] = "true"
        return answer
    answer.write(piece_html(request, person, piece=piece if piece in PIECES else "profile"))
    answer.write(_tabs_html(request))
    answer["HX-Trigger"] = json.dumps({"site:toast": {"text": said, "kind": "error" if is_error else "success"}})
    return answer


def _tabs_html(request: HttpRequest) -> str:
    """The tabs of one's own lists with the counts as they are now, for htmx to put in their place; "" on other pages."""
    page = urlsplit(own_address(request, request.POST.get("next", "")))
    if page.path != reverse("friends"):
        return ""
    given = QueryDict(page.query)
    chosen = "" if given.get("q", "").strip() else given.get("tab", "friends")
    context = {"tabs": own_tabs(cast(User, request.user), chosen), "is_anew": True}
    return render_to_string("social/friends/tabs.html", context, request=request)
