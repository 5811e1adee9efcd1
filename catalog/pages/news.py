"""Two lists beside the schedule: what is to come, by month, and what became watchable lately."""

import datetime
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.facade import sees_adult, sees_hidden
from catalog.pages.cards import Badge, CardView, card_view
from catalog.pages.paging import page_number, pages_of
from catalog.selectors.news import Upcoming, Updated, anime_upcoming, anime_updated
from core.site.preferences import TitleLanguage, time_zone_of, title_language_of

SIZE = 60


@dataclass(frozen=True, slots=True)
class Month:
    """What begins in one month; `day` is its first, None for what has no day yet."""

    day: datetime.date | None
    items: tuple[CardView, ...]


@require_safe
def upcoming(request: HttpRequest) -> HttpResponse:
    """`?page=`: everything announced, by month; days are those of the viewer where the hour is known. Two queries."""
    found = anime_upcoming(adult=sees_adult(request.user), shows_hidden=sees_hidden(request.user))
    page = page_number(request.GET)
    context = {
        "months": _months(request, found[(page - 1) * SIZE : page * SIZE]),
        **_paged(page, len(found), "upcoming"),
    }
    return render(request, "catalog/upcoming.html", context)


@require_safe
def recent(request: HttpRequest) -> HttpResponse:
    """`?page=`: the newest episode of each anime, to watch here or seen elsewhere. At most three queries."""
    found = anime_updated(adult=sees_adult(request.user), shows_hidden=sees_hidden(request.user))
    page, language = page_number(request.GET), title_language_of(request)
    items = [_updated_view(one, language) for one in found[(page - 1) * SIZE : page * SIZE]]
    return render(request, "catalog/recent.html", {"items": items, **_paged(page, len(found), "recent")})


def _paged(page: int, count: int, name: str) -> dict[str, Any]:
    pages = pages_of(current=page, count=count, size=SIZE, href=lambda number: f"{reverse(name)}?page={number}")
    return {"count": count, "pages": pages}


def _months(request: HttpRequest, found: list[Upcoming]) -> list[Month]:
    zone, language = time_zone_of(request), title_language_of(request)
    dated = [(one.starts_at.astimezone(zone).date() if one.starts_at else one.starts_on, one) for one in found]
    dated.sort(key=lambda item: item[0] or datetime.date.max)
    groups = groupby(dated, key=lambda item: item[0].replace(day=1) if item[0] else None)
    return [Month(month, tuple(_upcoming_view(one, day, language) for day, one in items)) for month, items in groups]


def _upcoming_view(one: Upcoming, day: datetime.date | None, language: TitleLanguage) -> CardView:
    badges = [Badge("wait", formats.date_format(day, "DAY_SHORT"))] if day else []
    return card_view(orjson.loads(one.card), language, badges)


def _updated_view(one: Updated, language: TitleLanguage) -> CardView:
    badges = [Badge(kind, kind.upper()) for kind in one.kinds]
    if one.episode:
        badges.append(Badge("plain", gettext("Ep. %(number)s") % {"number": one.episode}))
    if one.site:
        badges.append(Badge("plain", one.site))
    return card_view(orjson.loads(one.card), language, badges)
