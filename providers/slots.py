"""What providers put on the pages of the catalogue: a row on the front page, where an anime is listed."""

from typing import Any

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.facade import sees_adult, sees_hidden
from core import generation
from core.site.preferences import title_language_of
from core.site.slots import slot_fill
from providers.pages.home_cards import home_cards
from providers.selectors.home import home_of
from providers.selectors.listings import listings_of

HOME_TITLES = 20
HOME_SECONDS = 60
"""How long strangers see the same row of the front page, unless the catalogue, a setting or a list changes before."""


@slot_fill("home.bottom")
def home_row(request: HttpRequest, values: dict[str, Any]) -> str:
    """What airs at providers now, as far as it is in the catalogue. Strangers share one row for a minute."""
    if request.user.is_authenticated or connection.in_atomic_block:  # what is seen in there may never be committed
        return _home_row(request)
    key = f"home-on-air:{generation.current()}:{get_language()}:{title_language_of(request)}"
    kept = cache.get(key)
    if kept is None:
        kept = str(_home_row(request))
        cache.set(key, kept, HOME_SECONDS)
    return SafeString(kept)


def _home_row(request: HttpRequest) -> str:
    home = home_of(adult=sees_adult(request.user), shows_hidden=sees_hidden(request.user))
    ours = [title for title in home.titles if title.anime_id][:HOME_TITLES]
    if not ours:
        return ""
    cards = home_cards(request, ours, {one.name: one.label for one in home.providers})
    items = [card.item for card in cards if not card.is_elsewhere]
    context = {"items": items, "href": reverse("on-air")}
    return render_to_string("providers/home_row.html", context, request=request) if items else ""


@slot_fill("anime.sections")
def anime_listings(request: HttpRequest, values: dict[str, Any]) -> str:
    """Where the anime is listed: which providers have it, how many episodes, when something new was seen."""
    listings = listings_of(values["anime_id"])
    if not listings:
        return ""
    context = {"listings": listings, "sees_staff": request.user.is_staff}
    return render_to_string("providers/anime_listings.html", context, request=request)
