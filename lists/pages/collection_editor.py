"""Making a collection, changing what is said of it, and finding anime to put into it."""

import uuid
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.facade import User, sees_adult, sees_hidden
from catalog.facade import CardView, anime_cards, card_view, titles_search
from core.errors import DomainError, NotFound
from core.site.preferences import title_language_of
from core.throttles import throttle_check, throttle_key
from lists.access_collections import get_collection
from lists.limits import COVERS
from lists.models import Collection, CollectionVisibility
from lists.pages.collection_answers import form_answer, is_fetch, posted_from, write_count
from lists.pages.collection_forms import CollectionDetailsForm, CollectionForm
from lists.pages.collection_views import GroupView, ItemView, cover_of, groups_filled, items_of
from lists.selectors.collection_candidates import anime_ids_in, list_candidates
from lists.selectors.collections import collection_groups
from lists.services import collections as services
from lists.services.collection_covers import cover_store
from lists.services.collection_items import ItemDraft, items_add

FOUND = 20
QUERY_LENGTH = 100
NO_ID = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Found:
    """An anime that may be added; `is_in` says that it was already."""

    card: CardView
    is_in: bool


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def collection_new(request: HttpRequest) -> HttpResponse:
    """A new collection; `?anime=` names the first anime of it."""
    user = cast(User, request.user)
    anime_id = _number(request.GET.get("anime", ""))
    cards = anime_cards(user, [anime_id]) if anime_id else {}
    form = CollectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            write_count(request)
            made = services.collection_create(actor=user, **form.texts())
            if cards:
                items_add(actor=user, collection=made, drafts=[ItemDraft(anime_id=anime_id)])
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect("collection-edit", made.pk)
    item = card_view(cards[anime_id], title_language_of(request)) if cards else None
    context = {"form": form, "item": item}
    return render(request, "lists/collections/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def collection_edit(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """The editor; `?q=` and `?mine=1` find anime (a script gets that part alone), `?item=` opens the panel of one item.

    POST saves title, description, who sees it, and the cover.
    """
    collection = get_collection(request.user, collection_id, is_owned=True)
    if request.method == "POST":
        form = CollectionDetailsForm.of(collection, request.POST, request.FILES)
        if _details_saved(request, collection, form):
            messages.success(request, _("Saved."))
            return redirect("collection-edit", collection.pk)
        return render(request, "lists/collections/edit.html", editor_context(request, collection, form), status=422)
    if is_fetch(request):
        context = found_context(request, collection)
        return render(request, "lists/collections/partials/found.html", context)
    form = CollectionDetailsForm.of(collection)
    return render(request, "lists/collections/edit.html", editor_context(request, collection, form))


@posted_from("collection-edit", "collection_id")
@login_required
def collection_delete(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """Delete it with all that is in it."""
    collection, actor = get_collection(request.user, collection_id, is_owned=True), cast(User, request.user)
    return form_answer(
        request,
        reverse("my-collections"),
        lambda: services.collection_delete(actor=actor, collection=collection),
        said=_("The collection is deleted."),
    )


def _details_saved(request: HttpRequest, collection: Collection, form: CollectionDetailsForm) -> bool:
    """Whether the form was right and is saved; else its errors say why."""
    if not form.is_valid():
        return False
    user, changes = cast(User, request.user), form.texts()
    try:
        write_count(request)
        if file := form.cleaned_data.get("cover"):
            throttle_check(COVERS, throttle_key(COVERS, request))
            changes["cover_id"] = cover_store(user=user, file=file).pk
        elif request.POST.get("remove_cover"):
            changes["cover_id"] = None
        services.collection_update(actor=user, collection=collection, **changes)
    except NotFound:
        raise
    except DomainError as error:
        form.refuse(error)
        return False
    return True


def editor_context(request: HttpRequest, collection: Collection, form: CollectionDetailsForm) -> dict[str, Any]:
    """Everything that the editor shows."""
    items = items_of(request, collection, with_statuses=False)
    groups, loose = groups_filled(collection_groups(collection), items)
    found = found_context(request, collection)
    for group in groups:
        group.is_add_target = str(group.id) == found["add_to"]
    chosen = next((item for item in items if str(item.id) == request.GET.get("item")), None)
    return {
        **found,
        "form": form,
        "cover": cover_of(collection.cover),
        "groups": groups,
        "loose": loose,
        "item_count": len(items),
        "has_tiers": any(group.is_tier for group in groups),
        "chosen": chosen,
        "chosen_place": place_words(chosen, groups, loose) if chosen else "",
        "item_url": reverse("collection-item", args=[collection.pk, NO_ID]),
        "is_public": collection.visibility == CollectionVisibility.PUBLIC,
    }


def place_words(item: ItemView, groups: list[GroupView], loose: list[ItemView]) -> str:
    """Where an item stands."""
    group = next((group for group in groups if group.id == item.group_id), None)
    among = group.items if group else loose
    return _("Place %(place)s of %(count)s in %(group)s") % {
        "place": among.index(item) + 1,
        "count": len(among),
        "group": group.name if group else _("Not sorted"),
    }


def found_context(request: HttpRequest, collection: Collection) -> dict[str, Any]:
    """What `?q=` finds in the catalogue, or on one's own list with `?mine=1`, and what of it is in the collection."""
    user = cast(User, request.user)
    q = request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH]
    is_mine = request.GET.get("mine") == "1"
    there = anime_ids_in(collection)
    if q:
        hits = titles_search(
            q,
            limit=200 if is_mine else FOUND,
            include_adult=sees_adult(user),
            include_hidden=sees_hidden(user),
        )
        ids = [hit.anime_id for hit in hits]
        ids = list_candidates(user, among=ids, limit=FOUND) if is_mine else ids
    else:
        ids = list_candidates(user, without=collection, limit=FOUND) if is_mine else []
    cards, language = anime_cards(user, ids), title_language_of(request)
    found = [Found(card_view(cards[key], language), key in there) for key in ids if key in cards]
    return {
        "collection": collection,
        "q": q,
        "is_mine": is_mine,
        "add_to": request.GET.get("to", ""),
        "found": found,
        "addable": ",".join(str(hit.card.id) for hit in found if not hit.is_in),
    }


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0
