"""The front page: spotlight and rows, rendered once a generation of the catalogue for each language."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from catalog.pages.cards import Badge, CardView, card_view, card_views
from catalog.selectors import rows
from catalog.selectors.labels import labels_by_slug
from core.generation_memo import GenerationMemo
from core.site.preferences import TitleLanguage, theme_of, title_language_of
from core.site.slots import slot_html

RANKING = 6
_memo: GenerationMemo[str] = GenerationMemo(size=64)
BELOW = SafeString("<!-- below the rows -->")
"""Where the slot `home.bottom` goes into a kept page: what upper apps put there changes without the catalogue."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The rows are the same for everybody who reads the same languages; what is personal comes in slots around them.

    The whole page of somebody anonymous depends on nothing but the choices of the header, so it is kept whole
    but for its end.
    """
    below = slot_html("home.bottom", request)
    if request.user.is_authenticated or "messages" in request.COOKIES:
        return HttpResponse(page_html(request).replace(BELOW, below))
    choices = (get_language(), title_language_of(request), theme_of(request), "resume" in request.COOKIES)
    key = ("page", choices, timezone.now().date())
    response = HttpResponse(_memo.get(key, lambda: page_html(request)).replace(BELOW, below))
    patch_vary_headers(response, ["Cookie"])
    return response


def page_html(request: HttpRequest) -> str:
    """The page around the rows, with `BELOW` at its end; the rows themselves are rendered once a generation."""
    language, today = title_language_of(request), timezone.now().date()
    body = _memo.get((get_language(), language, today), lambda: rows_html(language, today))
    context = {"rows": mark_safe(body), "below": BELOW}  # noqa: S308 — rendered by our own template
    return render_to_string("catalog/home.html", context, request=request)


def rows_html(language: TitleLanguage, today: datetime.date) -> SafeString:
    """Spotlight and all rows, in the active language of the site. A row of one or two is shown only of what plays here."""
    airing, watchable = rows.row_airing(), rows.row_watchable()
    year, season, of_season = rows.row_season(today)
    shelves = [
        _row("watchable", gettext("Watch here"), "?has_video=true&sort=added", card_views(watchable, language)),
        _row("latest", gettext("Latest episodes"), "?status=airing&sort=updated", _latest(today, language)),
        _row("airing", gettext("Airing now"), "?status=airing", card_views(airing, language)),
        _row(
            "season",
            gettext("%(season)s %(year)s") % {"season": season.label, "year": year},
            f"?year={year}&season={season}",
            card_views(of_season, language),
        ),
        _row("top", gettext("Best rated"), "?sort=score&votes_min=500", card_views(rows.row_top(), language)),
        _row("upcoming", gettext("Upcoming"), "?status=upcoming", card_views(rows.row_upcoming(), language)),
        _row("films", gettext("New films"), "?type=movie&sort=newest", card_views(rows.row_films(today), language)),
    ]
    context = {
        "rows": [shelf for shelf in shelves if len(shelf["items"]) > (0 if shelf["name"] == "watchable" else 2)],
        **_spotlight(watchable or airing or of_season, airing or of_season, today, language),
    }
    context["rows"] = context["rows"] or [shelf for shelf in shelves if shelf["items"]]
    return SafeString(render_to_string("catalog/partials/home_rows.html", context))


def _row(name: str, title: str, query: str, items: list[CardView]) -> dict[str, Any]:
    return {"name": name, "title": title, "href": reverse("browse") + query, "items": items}


def _latest(today: datetime.date, language: TitleLanguage) -> list[CardView]:
    return [
        card_view(
            item.card,
            language,
            [
                *(Badge(kind, kind.upper()) for kind in ("sub", "dub") if kind in item.kinds),
                Badge("plain", gettext("Ep. %(number)s") % {"number": item.number}),
            ],
        )
        for item in rows.row_latest(today)
    ]


def _spotlight(
    cards: list[dict[str, Any]], followed: list[dict[str, Any]], today: datetime.date, language: TitleLanguage
) -> dict[str, Any]:
    """One of the first few `cards`, another each day, with a ranking of what is `followed` beside it."""
    if not cards:
        return {}
    chosen = cards[today.toordinal() % min(len(cards), 8)]
    is_ranked = any(card["popularity"] for card in followed[:RANKING])
    return {
        "spotlight": card_view(chosen, language),
        "spotlight_synopsis": rows.synopsis_of(chosen["id"])[:500],
        "spotlight_genres": [label for label in labels_by_slug("genre").values() if label.name in chosen["genres"][:4]],
        "ranking": card_views(followed[:RANKING], language),
        "ranking_title": gettext("Most followed now") if is_ranked else gettext("On the air"),
        "is_ranked": is_ranked,
    }
