"""The schedule: what airs when, in the viewer's time zone, by day, week or month, as columns or as a table."""

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

SPANS = ("day", "week", "month", "table")
SOON = datetime.timedelta(hours=24)
"""What airs within this time counts down."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One broadcast as drawn; `at` is None when only the day is known. `seen_at` names who has it where nothing was announced."""

    item: CardView
    at: datetime.datetime | None
    episode: int | None
    is_past: bool
    is_soon: bool
    seen_at: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the schedule."""

    date: datetime.date
    slots: tuple[Slot, ...]
    is_today: bool


@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """`?span=day|week|month|table&from=<day>&mine=1`; weeks begin on Monday. Three queries (more for "only my list")."""
    zone = time_zone_of(request)
    today = timezone.now().astimezone(zone).date()
    span = request.GET["span"] if request.GET.get("span") in SPANS else "week"
    shown = _day(request.GET.get("from", ""), today)
    window = Window(*_bounds(shown, span), zone)
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
        "shown": shown,
        "calendar_href": reverse("list-calendar" if is_mine else "schedule-ics"),
        **_links(window, shown, span, today, is_mine=is_mine),
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
    at = airing.airs_at
    is_past = at is not None and at < now
    is_soon = at is not None and not is_past and at - now < SOON
    return Slot(item, at, airing.episode, is_past, is_soon, airing.site if airing.is_observed else "")


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


def _day(raw: str, today: datetime.date) -> datetime.date:
    """The day that was asked for, today when it is none."""
    try:
        day = parse_date(raw) or today
    except ValueError:
        day = today
    return day if 1900 < day.year < 2200 else today


def _bounds(day: datetime.date, span: str) -> tuple[datetime.date, int]:
    """(first day, number of days): whole weeks from Monday on, a month with the ends of its neighbours."""
    if span == "day":
        return day, 1
    first = day.replace(day=1) if span == "month" else day
    monday = first - datetime.timedelta(days=first.weekday())
    if span != "month":
        return monday, 7
    last = _month_after(first) - datetime.timedelta(days=1)
    return monday, ((last - monday).days // 7 + 1) * 7


def _month_after(first: datetime.date) -> datetime.date:
    return (first + datetime.timedelta(days=31)).replace(day=1)


def _neighbours(window: Window, shown: datetime.date, span: str) -> tuple[datetime.date, datetime.date]:
    """A day of the window before and one of the window after."""
    if span == "month":
        first = shown.replace(day=1)
        return first - datetime.timedelta(days=1), _month_after(first)
    return window.start - datetime.timedelta(days=window.days), window.end


def _links(window: Window, shown: datetime.date, span: str, today: datetime.date, *, is_mine: bool) -> dict[str, Any]:
    """Addresses of the neighbouring days, of today, of the other span; what is the default is left out of them."""
    is_now = window.start <= today < window.end and (
        span != "month" or (shown.year, shown.month) == (today.year, today.month)
    )
    here = "" if is_now else shown.isoformat()

    def address(span: str = span, start: str = here, is_mine: bool = is_mine) -> str:
        params = {"span": span if span != "week" else "", "from": start, "mine": "1" if is_mine else ""}
        query = urlencode({name: value for name, value in params.items() if value})
        return reverse("schedule") + (f"?{query}" if query else "")

    before, after = _neighbours(window, shown, span)
    return {
        "previous": address(start=before.isoformat()),
        "next": address(start=after.isoformat()),
        "now": address(start="") if here else "",
        "spans": [(name, address(span=name)) for name in SPANS],
        "mine_href": address(is_mine=not is_mine),
    }
