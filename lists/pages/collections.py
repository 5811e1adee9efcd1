"""The pages of collections that everybody reads: browsing, one's own, one collection."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.facade import Seen, person_by_username
from catalog.facade import page_number, pages_of
from core.errors import NotFound, RateLimited
from core.throttles import throttle_check, throttle_key
from lists.access_collections import get_collection
from lists.limits import VIEWS
from lists.models import Collection
from lists.pages.collection_views import (
    POSTERS,
    cover_of,
    groups_filled,
    items_of,
    shelf_views,
)
from lists.selectors.collection_challenges import challenge_progress
from lists.selectors.collections import (
    CollectionQuery,
    collection_groups,
    collections_page,
    social_state,
)
from lists.services.collections import collection_view

PAGE_SIZE = 24
QUERY_LENGTH = 100
SORTS = {
    "": gettext_lazy("Featured"),
    "views": gettext_lazy("Popular"),
    "new": gettext_lazy("New"),
    "favourites": gettext_lazy("Most favourited"),
}


@dataclass(frozen=True, slots=True)
class SortLink:
    """One way of sorting and the address of it."""

    label: Any
    href: str
    is_chosen: bool


@require_safe
def collections_browse(request: HttpRequest) -> HttpResponse:
    """Public collections; `?q=` words of the title, `?sort=`, `?by=` a username, `?page=`. Empty fields lead to the tidy
    address.
    """
    params = params_tidy(request.GET)
    if params.urlencode() != request.GET.urlencode():
        return redirect(address_of("collections", params))
    return render(request, "lists/collections/browse.html", browse_context(request, params))


@require_safe
@never_cache
@login_required
def collections_mine(request: HttpRequest) -> HttpResponse:
    """One's own of every visibility, or with `?tab=favourites` those one keeps."""
    tab = "favourites" if request.GET.get("tab") == "favourites" else "own"
    query = CollectionQuery(is_favourite=True) if tab == "favourites" else CollectionQuery(owner_id=request.user.pk)
    context = shelves_page(request, query, "my-collections", request.GET)
    return render(request, "lists/collections/mine.html", {**context, "tab": tab})


@require_safe
@never_cache
def collection_page(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponse:
    """One collection; 404 for a private one of others. A look at it is counted, coming back from its own forms is not."""
    collection = get_collection(request.user, collection_id)
    if is_look(request):
        collection.view_count = collection_view(viewer=request.user, collection=collection)
    return render(request, "lists/collections/collection.html", collection_context(request, collection))


def is_look(request: HttpRequest) -> bool:
    """Whether this is somebody who came to look: not a prefetch, not back from the page's own forms, not past the limit."""
    if request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return False
    if request.headers.get("Referer", "").split("?")[0].endswith(request.path):
        return False
    try:
        throttle_check(VIEWS, throttle_key(VIEWS, request))
    except RateLimited:
        return False
    return True


def params_tidy(given: QueryDict) -> QueryDict:
    """`given` without what is empty, unknown or the default."""
    params = QueryDict(mutable=True)
    if q := given.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH]:
        params["q"] = q
    if (sort := given.get("sort", "")) in SORTS and sort:
        params["sort"] = sort
    if by := given.get("by", "").strip()[:40]:
        params["by"] = by
    if (page := page_number(given)) > 1:
        params["page"] = str(page)
    return params


def address_of(name: str, params: QueryDict, **changes: str) -> str:
    """The address of the page called `name` with `params` and `changes`; "" takes one away."""
    copy = params.copy()
    for key, value in changes.items():
        copy.pop(key, None)
        if value:
            copy[key] = value
    return reverse(name) + (f"?{copy.urlencode()}" if copy else "")


def browse_context(request: HttpRequest, params: QueryDict) -> dict[str, Any]:
    """What browsing shows. Raises `NotFound` for `?by=` nobody, and for somebody who shows the viewer nothing."""
    by = params.get("by", "")
    person = _person(request, by) if by else None
    sort = params.get("sort", "")
    query = CollectionQuery(
        owner_id=person.user.pk if person else None, visibility="public", q=params.get("q", ""), sort=sort
    )
    context = shelves_page(request, query, "collections", params)
    shelves = context["shelves"]
    splits = not (sort or query.q or person)
    return {
        **context,
        "q": query.q,
        "sort": sort,
        "by": person.user if person else None,
        "everybody": address_of("collections", params, by="", page=""),
        "featured": [shelf for shelf in shelves if splits and shelf.is_featured],
        "rest": [shelf for shelf in shelves if not (splits and shelf.is_featured)],
        "sorts": [
            SortLink(label, address_of("collections", params, sort=name, page=""), name == sort)
            for name, label in SORTS.items()
        ],
    }


def _person(request: HttpRequest, username: str) -> Seen:
    seen = person_by_username(request.user, username)
    if seen.is_private:
        raise NotFound()
    return seen


def shelves_page(request: HttpRequest, query: CollectionQuery, name: str, params: QueryDict) -> dict[str, Any]:
    """One page of collections as cards, with links to the others."""
    page = page_number(params)
    count, found = collections_page(request.user, query, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE, previews=True)
    pages = pages_of(
        current=page,
        count=count,
        size=PAGE_SIZE,
        href=lambda number: address_of(name, params, page=str(number) if number > 1 else ""),
    )
    return {"count": count, "shelves": shelf_views(found, request), "pages": pages}


def collection_context(request: HttpRequest, collection: Collection) -> dict[str, Any]:
    """Everything that the page of one collection shows."""
    viewer = request.user
    items = items_of(request, collection)
    groups, loose = groups_filled(collection_groups(collection), items)
    is_own = viewer.is_authenticated and collection.owner_id == viewer.pk
    mosaic = [item.card for item in items[:POSTERS]]
    standing = challenge_progress(viewer, collection)
    return {
        **social_context(request, collection),
        "is_own": is_own,
        "cover": cover_of(collection.cover),
        "mosaic": mosaic,
        "mosaic_gaps": range(POSTERS - len(mosaic)),
        "groups": groups,
        "loose": loose,
        "item_count": len(items),
        "standing": standing,
        "challenge_total": standing.total or len(items),
        "source": source_of(request, collection),
        "address": request.build_absolute_uri(request.path),
    }


def social_context(request: HttpRequest, collection: Collection) -> dict[str, Any]:
    """What the bar of reactions shows."""
    page = reverse("collection", args=[collection.pk])
    return {
        "collection": collection,
        "social": social_state(request.user, collection),
        "sign_in": f"{reverse('account_login')}?next={page}",
    }


def source_of(request: HttpRequest, collection: Collection) -> dict[str, str] | None:
    """Of what it is a copy: title, owner and address; without an address when the viewer may not see it (any more)."""
    if collection.forked_from_id is None:
        return None
    try:
        source = get_collection(request.user, collection.forked_from_id)
    except NotFound:
        return {"href": ""}
    return {
        "title": source.title,
        "owner": source.owner.name,
        "href": reverse("collection", args=[source.pk]),
    }
