"""The page of recommendations and its row on the front page."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.facade import User
from catalog.facade import anime_cards, card_view
from core.site.preferences import title_language_of
from core.site.slots import slot_fill
from lists.selectors.recommendations import LIMIT, recommendations_of

ROW = 18


@require_safe
@login_required
def recommendations(request: HttpRequest) -> HttpResponse:
    """Up to 50 cards, each with the titles on the person's list that speak for it."""
    return render(request, "lists/recommendations.html", {"found": _shown(request, LIMIT)})


@slot_fill("home.top")
def recommendations_row(request: HttpRequest, values: dict[str, Any]) -> str:
    """ "For you", once the person's list says something of their taste."""
    if not request.user.is_authenticated:
        return ""
    found = _shown(request, ROW)
    if not any(item["because"] for item in found):
        return ""
    return render_to_string("lists/recommendations_row.html", {"found": found}, request=request)


def _shown(request: HttpRequest, limit: int) -> list[dict[str, Any]]:
    """Cards in the viewer's language with the titles of their reasons; one query for those."""
    user, language = cast(User, request.user), title_language_of(request)
    found = recommendations_of(user, limit=limit)
    reasons = anime_cards(user, sorted({anime_id for item in found for anime_id in item.because[:1]}))
    return [
        {
            "item": card_view(item.card, language),
            "because": [card_view(reasons[key], language) for key in item.because[:1] if key in reasons],
        }
        for item in found
    ]
