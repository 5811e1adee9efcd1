"""What people do with a collection: react, keep, copy, claim."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import DomainError, NotFound
from lists.access_collections import get_collection
from lists.models import Collection
from lists.pages.collection_answers import form_answer, is_htmx, posted_from, words_of
from lists.pages.collections import social_context
from lists.services import challenges, collection_social
from lists.services.collections import collection_fork

of_collection = posted_from("collection", "collection_id")


@of_collection
@login_required
def reaction(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """`value` like, dislike, or none to take it back."""
    collection, actor = get_collection(request.user, collection_id), cast(User, request.user)
    value = request.POST.get("value", "")
    if value == "none":
        collection_social.reaction_remove(actor=actor, collection=collection)
    else:
        collection_social.reaction_set(actor=actor, collection=collection, value=value)
    return _social(request, collection)


@of_collection
@login_required
def favourite(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """`is_on` 1 keeps it, 0 lets it go."""
    collection, actor = get_collection(request.user, collection_id), cast(User, request.user)
    if request.POST.get("is_on") == "1":
        collection_social.favourite_add(actor=actor, collection=collection)
    else:
        collection_social.favourite_remove(actor=actor, collection_id=collection.pk)
    return _social(request, collection)


@of_collection
@login_required
def fork(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """A private copy of one's own, to go on with in the editor."""
    collection = get_collection(request.user, collection_id)
    try:
        copy = collection_fork(actor=cast(User, request.user), collection=collection)
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, words_of(error))
        return redirect("collection", collection.pk)
    messages.success(request, _("This copy is yours and private until you show it."))
    return redirect("collection-edit", copy.pk)


@of_collection
@login_required
def claim(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """The coins of a completed challenge."""
    collection, actor = get_collection(request.user, collection_id), cast(User, request.user)
    return form_answer(
        request,
        reverse("collection", args=[collection.pk]),
        lambda: challenges.challenge_claim(actor=actor, collection=collection),
        said=_("The reward is yours."),
    )


def _social(request: HttpRequest, collection: Collection) -> HttpResponse:
    if is_htmx(request):
        return render(request, "lists/collections/partials/social.html", social_context(request, collection))
    return redirect("collection", collection.pk)
