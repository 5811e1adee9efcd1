"""The front page: spotlight and rows, rendered once a generation of the catalogue for each language."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from catalog.models import SeasonName
from catalog.pages.cards import Badge, CardView, card_view, card_views
from catalog.selectors import rows
from catalog.selectors.labels import labels_by_slug
from core.generation_memo import GenerationMemo
from core.site.preferences import TitleLanguage, title_language_of

RANKING = 6
_memo: GenerationMemo[str] = GenerationMemo(size=32)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The rows are the same for everybody who reads the same languages; what is personal comes in slots around them."""
    language, today = title_language_of(request), timezone.now().date()
    key = (get_language(), language, today)
    body = _memo.get(key, lambda: rows_html(language, today))
    return render(request, "catalog/home.html", {"rows": mark_safe(body)})  # noqa: S308 — rendered by our own template


def rows_html(language: TitleLanguage, today: datetime.date) -> SafeString:
    """Spotlight and all rows, in the active language of the site."""
    airing, season = rows.row_airing(), rows.row_season(today)
    shelves = [
        _row(
            "watchable", gettext("Watch here"), "?has_video=true&sort=added", card_views(rows.row_watchable(), language)
        ),
        _row("latest", gettext("Latest episodes"), "?status=airing&sort=updated", _latest(today, language)),
        _row("airing", gettext("Airing now"), "?status=airing", card_views(airing, language)),
        _row("season", season_label(today), season_query(today), card_views(season, language)),
        _row("top", gettext("Best rated"), "?sort=score&votes_min=500", card_views(rows.row_top(), language)),
        _row("upcoming", gettext("Upcoming"), "?status=upcoming", card_views(rows.row_upcoming(), language)),
    ]
    context = {"rows": [shelf for shelf in shelves if shelf["items"]], **_spotlight(airing or season, today, language)}
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


def _spotlight(cards: list[dict[str, Any]], today: datetime.date, language: TitleLanguage) -> dict[str, Any]:
    """One of the most followed, another each day, with the ranking of the season beside it."""
    cards = cards or rows.row_top(RANKING)
    if not cards:
        return {}
    followed = [card for card in cards[:8] if card["popularity"]]
    pool = followed or rows.row_watchable(1) or cards[:8]  # nobody is followed yet: show what plays here
    chosen = pool[today.toordinal() % len(pool)]
    return {
        "spotlight": card_view(chosen, language),
        "spotlight_synopsis": rows.synopsis_of(chosen["id"])[:500],
        "spotlight_genres": [label for label in labels_by_slug("genre").values() if label.name in chosen["genres"][:4]],
        "ranking": card_views(cards[:RANKING], language),
        "ranking_title": gettext("Most followed now"),
    }


def season_label(day: datetime.date) -> str:
    """ "Spring 2026"."""
    year, season = rows.season_of(day)
    return gettext("%(season)s %(year)s") % {"season": SeasonName(season).label, "year": year}


def season_query(day: datetime.date) -> str:
    """The query string of that season in browse."""
    year, season = rows.season_of(day)
    return f"?year={year}&season={season}"
