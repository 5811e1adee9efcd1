"""The menu of an anime's page that puts it into one's collections."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.facade import User
from core.errors import DomainError, NotFound
from lists.pages.collection_answers import is_htmx, posted_from, words_of
from lists.services.collection_membership import membership_set
from lists.slots_collections import anime_menu_html


@posted_from("anime", "anime_id")
@login_required
def anime_collections(request: HttpRequest, anime_id: int) -> HttpResponse:
    """`shown`: the collections that the form offered, `collection`: the ticked ones, `title`: of a new one."""
    refused = ""
    try:
        membership_set(
            actor=cast(User, request.user),
            anime_id=anime_id,
            shown=_ids(request.POST.getlist("shown")),
            wanted=_ids(request.POST.getlist("collection")),
            new_title=request.POST.get("title", ""),
        )
    except NotFound:
        raise
    except DomainError as error:
        refused = words_of(error)
    if is_htmx(request):
        return HttpResponse(anime_menu_html(request, anime_id=anime_id, refused=refused))
    if refused:
        messages.error(request, refused)
    return redirect("anime", anime_id=anime_id)


def _ids(raw: list[str]) -> set[uuid.UUID]:
    """What is no id names nothing of theirs."""
    found = set()
    for text in raw[:200]:
        try:
            found.add(uuid.UUID(text))
        except ValueError:
            continue
    return found
