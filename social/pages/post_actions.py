"""What is done with a post from its page: react, delete, pin, close."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.facade import User
from core.errors import NotFound
from core.site.posted import posted_from
from core.throttles import throttle_check, throttle_key
from social.access import get_post, moderates
from social.limits import POST_EDITS, REACTIONS
from social.pages.post_views import reaction_views, sign_in_for
from social.services import posts as services
from social.services.post_reactions import reaction_remove, reaction_set

of_post = posted_from("post", "post_id")


@of_post
@login_required
def reaction(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """`kind` one of the five, or none to take it back; htmx gets the bar of reactions."""
    throttle_check(REACTIONS, throttle_key(REACTIONS, request))
    actor, kind = cast(User, request.user), request.POST.get("kind", "")
    if kind == "none":
        post, mine = reaction_remove(actor=actor, post_id=post_id), ""
    else:
        post, mine = reaction_set(actor=actor, post_id=post_id, kind=kind), kind
    if not getattr(request, "htmx", False):
        return redirect("post", post_id)
    row = {"id": post.pk, "reactions": reaction_views(post.reactions, mine)}
    context = {"row": row, "sign_in": sign_in_for(post_id)}
    return render(request, "social/posts/partials/reactions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def post_delete(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """Asks; POST deletes, as its author or as somebody who moderates."""
    actor = cast(User, request.user)
    post = get_post(actor, post_id, is_own=not moderates(actor))
    if request.method != "POST":
        return render(request, "social/posts/delete.html", {"post": post, "is_own": post.author_id == actor.pk})
    services.post_delete(actor=actor, post_id=post_id)
    messages.success(request, _("The post is deleted."))
    return redirect("community")


@of_post
@login_required
def pin(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """`is_on` 1 keeps the post at the top, 0 lets it go; for those who moderate."""
    actor, is_on = _moderator(request), request.POST.get("is_on") == "1"
    services.post_pin(actor=actor, post_id=post_id, is_pinned=is_on)
    messages.success(request, _("It stays at the top.") if is_on else _("It is not pinned any more."))
    return redirect("post", post_id)


@of_post
@login_required
def lock(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """`is_on` 1 closes the conversation, 0 opens it; for those who moderate."""
    actor, is_on = _moderator(request), request.POST.get("is_on") == "1"
    services.post_lock(actor=actor, post_id=post_id, is_locked=is_on)
    messages.success(request, _("The conversation is closed.") if is_on else _("The conversation is open."))
    return redirect("post", post_id)


def _moderator(request: HttpRequest) -> User:
    """Whoever may do it; for all others the address does not exist."""
    throttle_check(POST_EDITS, throttle_key(POST_EDITS, request))
    if not moderates(request.user):
        raise NotFound()
    return cast(User, request.user)
