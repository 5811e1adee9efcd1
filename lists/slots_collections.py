"""What collections put on the pages of others: a menu on an anime's, a row on the front page, a part of a profile."""

from typing import Any

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from core.site.preferences import title_language_of
from core.site.slots import slot_fill
from lists.pages.collection_views import shelf_views
from lists.selectors.collection_membership import memberships_of
from lists.selectors.collections import CollectionQuery, collections_of, collections_stretch

HOME_SHELVES = 12
PROFILE_SHELVES = 6
HOME_SECONDS = 60
"""How long strangers see the same row of the front page, and so at most a collection that was made private meanwhile."""


@slot_fill("anime.actions")
def collections_menu(request: HttpRequest, values: dict[str, Any]) -> str:
    """ "Add to collection", for those signed in."""
    if not request.user.is_authenticated:
        return ""
    menu = SafeString(anime_menu_html(request, anime_id=values["anime_id"]))
    return format_html('<link rel="stylesheet" href="{}">{}', static("css/collections.css"), menu)


def anime_menu_html(request: HttpRequest, *, anime_id: int, refused: str = "") -> str:
    """The menu as it stands; the page and htmx answers share it."""
    choices = memberships_of(request.user, anime_id)  # type: ignore[arg-type]
    context = {
        "anime_id": anime_id,
        "choices": choices,
        "chosen_count": sum(choice.is_in for choice in choices),
        "refused": refused,
    }
    return render_to_string("lists/collections/anime_menu.html", context, request=request)


@slot_fill("home.bottom")
def home_row(request: HttpRequest, values: dict[str, Any]) -> str:
    """The featured and the last changed public collections. Strangers share one row for a minute."""
    if request.user.is_authenticated or connection.in_atomic_block:  # what is seen in there may never be committed
        return _home_row(request)
    key = f"home-collections:{get_language()}:{title_language_of(request)}"
    kept = cache.get(key)
    if kept is None:
        kept = str(_home_row(request))
        cache.set(key, kept, HOME_SECONDS)
    return SafeString(kept)


def _home_row(request: HttpRequest) -> str:
    found = collections_of(request.user, CollectionQuery())
    shown = collections_stretch(request.user, found, offset=0, limit=HOME_SHELVES, previews=True)
    shown = [one for one in shown if one.anime_count]
    if not shown:
        return ""
    context = {
        "shelves": shelf_views(shown, request),
        "title": gettext("Collections"),
        "href": reverse("collections"),
    }
    return render_to_string("lists/collections/row.html", context, request=request)


@slot_fill("profile.main")
def profile_part(request: HttpRequest, values: dict[str, Any]) -> str:
    """Public collections of the person whose profile it is."""
    found = collections_of(request.user, CollectionQuery(owner_id=values["person_id"], visibility="public"))
    shown = collections_stretch(request.user, found, offset=0, limit=PROFILE_SHELVES + 1, previews=True)
    if not shown:
        return ""
    has_more = len(shown) > PROFILE_SHELVES
    context = {
        "shelves": shelf_views(shown[:PROFILE_SHELVES], request),
        "href": f"{reverse('collections')}?by={values['username']}" if has_more else "",
    }
    return render_to_string("lists/collections/profile_part.html", context, request=request)
