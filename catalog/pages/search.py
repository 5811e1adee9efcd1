"""Search by title: the results page and the suggestions under the search field."""

from dataclasses import dataclass

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.facade import sees_adult, sees_hidden
from catalog.pages.cards import CardView, card_view
from catalog.search import titles_search
from catalog.search.query import Hit
from catalog.selectors.anime import cards_of
from core.site.preferences import title_language_of

RESULTS = 60
SUGGESTIONS = 8
LONGEST = 100
LIKENESS = 0.75
"""Hits less sure than this share of the best one are noise beside it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A hit as drawn: `also` is the name that matched when the card shows another one."""

    item: CardView
    also: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q=`: the best 60 titles; without a query the bare field."""
    q = _query(request)
    found = hits_of(request, q, RESULTS)
    return render(request, "catalog/search.html", {"search_query": q, "found": found})


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The options of the search field's list, as HTML; a few seconds of the browser's cache save repeated letters."""
    q = _query(request)
    found = hits_of(request, q, SUGGESTIONS)
    response = render(request, "catalog/partials/suggestions.html", {"q": q, "found": found})
    response["Cache-Control"] = "private, max-age=30"
    return response


def hits_of(request: HttpRequest, q: str, limit: int) -> list[Found]:
    """What `q` finds among what the viewer may see, best first. One query."""
    if not q:
        return []
    user, language = request.user, title_language_of(request)
    hits = titles_search(q, limit=limit, include_adult=sees_adult(user), include_hidden=sees_hidden(user))
    hits = [hit for hit in hits if hit.score >= LIKENESS * hits[0].score]
    cards = cards_of([hit.anime_id for hit in hits])
    return [
        _found(hit, card_view(orjson.loads(cards[hit.anime_id]), language)) for hit in hits if hit.anime_id in cards
    ]


def _found(hit: Hit, item: CardView) -> Found:
    return Found(item, hit.matched_title if hit.matched_title.casefold() != item.title.casefold() else "")


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
