"""The schedule: what airs when, in the viewer's time zone, by day or by week."""

import datetime
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import available_timezones

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.facade import sees_adult, sees_hidden
from catalog.pages.cards import CardView, card_view
from catalog.selectors.calendar import Airing, Window, calendar
from core.site.preferences import time_zone_of, title_language_of
from core.site.watched_anime import watched_anime_ids

SPANS = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Slot:
    """One broadcast as drawn; `at` is None when only the day is known."""

    item: CardView
    at: datetime.datetime | None
    episode: int | None
    is_past: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the schedule."""

    date: datetime.date
    slots: tuple[Slot, ...]
    is_today: bool


@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """`?span=day|week&from=<day>&mine=1`; weeks begin on Monday. Three queries (more for "only my list")."""
    zone = time_zone_of(request)
    today = timezone.now().astimezone(zone).date()
    span = request.GET["span"] if request.GET.get("span") in SPANS else "week"
    window = Window(_start(request.GET.get("from", ""), today, span), SPANS[span], zone)
    is_mine = request.user.is_authenticated and request.GET.get("mine") == "1"
    days = days_of(request, window, today, is_mine=is_mine)
    context = {
        "days": days,
        "has_any": any(day.slots for day in days),
        "zones": zone_options(zone.key),
        "zone": zone.key,
        "span": span,
        "is_mine": is_mine,
        "start": window.start,
        "end": window.end - datetime.timedelta(days=1),
        **_links(window, span, today, is_mine=is_mine),
    }
    with timezone.override(zone):
        return render(request, "catalog/schedule.html", context)


def days_of(request: HttpRequest, window: Window, today: datetime.date, *, is_mine: bool) -> list[Day]:
    """The days of the window with what the viewer may see, or only follows."""
    user, now, language = request.user, timezone.now(), title_language_of(request)
    found = calendar(window, adult=sees_adult(user), shows_hidden=sees_hidden(user))
    wanted = set(found.cards) & watched_anime_ids(user) if is_mine else set(found.cards)
    views = {anime_id: card_view(orjson.loads(found.cards[anime_id]), language) for anime_id in wanted}
    return [
        Day(
            day,
            tuple(_slot(item, views[item.anime_id], now) for item in airings if item.anime_id in views),
            day == today,
        )
        for day, airings in found.by_day()
    ]


def _slot(airing: Airing, item: CardView, now: datetime.datetime) -> Slot:
    return Slot(item, airing.airs_at, airing.episode, airing.airs_at is not None and airing.airs_at < now)


@cache
def time_zones() -> tuple[str, ...]:
    """IANA zones named after places, and UTC; listing them reads the zone files, so once a process."""
    places = (
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))
    )
    return (*sorted(places), "UTC")


def zone_options(chosen: str) -> SafeString:
    """The options of the zone field: half a thousand, so joined here instead of in a template's loop."""
    options = ((mark_safe(" selected" if name == chosen else ""), name) for name in time_zones())  # noqa: S308
    return format_html_join("", "<option{}>{}</option>", options)


def _start(raw: str, today: datetime.date, span: str) -> datetime.date:
    """The first day shown: the Monday of a week."""
    try:
        day = parse_date(raw) or today
    except ValueError:
        day = today
    if not 1900 < day.year < 2200:
        day = today
    return day - datetime.timedelta(days=day.weekday()) if span == "week" else day


def _links(window: Window, span: str, today: datetime.date, *, is_mine: bool) -> dict[str, Any]:
    """Addresses of the neighbouring days, of today, of the other span; what is the default is left out of them."""
    here = "" if window.start <= today < window.end else window.start.isoformat()

    def address(span: str = span, start: str = here, is_mine: bool = is_mine) -> str:
        params = {"span": span if span != "week" else "", "from": start, "mine": "1" if is_mine else ""}
        query = urlencode({name: value for name, value in params.items() if value})
        return reverse("schedule") + (f"?{query}" if query else "")

    step = datetime.timedelta(days=window.days)
    return {
        "previous": address(start=(window.start - step).isoformat()),
        "next": address(start=window.end.isoformat()),
        "now": address(start="") if here else "",
        "spans": [(name, address(span=name)) for name in SPANS],
        "mine_href": address(is_mine=not is_mine),
    }
