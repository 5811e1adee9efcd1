"""The schedule as iCalendar (RFC 5545): for everybody here; `lists` writes one person's with the same words."""

import datetime
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from catalog.pages.cards import anime_path, title_pick
from catalog.selectors.calendar import Airing, Calendar, Window, calendar
from core.errors import NotFound
from core.site.preferences import TitleLanguage, title_language_of

DAYS_BACK, DAYS_AHEAD = 7, 28
_BREAKS = dict.fromkeys(map(ord, "\x85\u2028\u2029"), " ")


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One broadcast in a feed. `uid` stays when its time or title change; `airs_at` (UTC) is None when only the day is known."""

    uid: str
    title: str
    airs_at: datetime.datetime | None
    day: datetime.date
    seconds: int
    url: str


def feed_window(now: datetime.datetime) -> Window:
    """The UTC days that a feed holds: a week back, today, four weeks ahead."""
    first = now.astimezone(datetime.UTC).date() - datetime.timedelta(days=DAYS_BACK)
    return Window(first, DAYS_BACK + 1 + DAYS_AHEAD, ZoneInfo("UTC"))


def feed_events(
    found: Calendar, wanted: set[int], *, language: TitleLanguage, absolute: Callable[[str], str]
) -> list[FeedEvent]:
    """The broadcasts of the anime in `wanted`, by time; `absolute` makes a full address of a path."""
    cards = {anime_id: orjson.loads(found.cards[anime_id]) for anime_id in wanted & found.cards.keys()}
    return [
        _event(airing, cards[airing.anime_id], language, absolute)
        for airing in found.airings
        if airing.anime_id in cards
    ]


def _event(airing: Airing, card: dict[str, Any], language: TitleLanguage, absolute: Callable[[str], str]) -> FeedEvent:
    title = title_pick(card, language)[0]
    return FeedEvent(
        uid=f"{airing.anime_id}-{airing.episode or airing.day.isoformat()}@hiroba",
        title=f"{title} · {airing.episode}" if airing.episode else title,
        airs_at=airing.airs_at,
        day=airing.day,
        seconds=card.get("duration_seconds") or 1800,
        url=absolute(anime_path(airing.anime_id, card.get("slug") or "")),
    )


@require_safe
def schedule_ics(request: HttpRequest) -> HttpResponse:
    """The feed of everybody. `?key=` was a person's own one: it has an address of its own now. Three queries."""
    if key := request.GET.get("key"):
        try:
            response = redirect(reverse("calendar-ics", args=[key]), permanent=True)
        except NoReverseMatch as error:
            raise NotFound() from error
        response["Cache-Control"] = "private, no-store"
        return response
    found = calendar(feed_window(timezone.now()))
    events = feed_events(
        found, set(found.cards), language=title_language_of(request), absolute=request.build_absolute_uri
    )
    return ical_response(request, events, name="Hiroba")


def ical_response(request: HttpRequest, events: list[FeedEvent], *, name: str) -> HttpResponse:
    """The events as a calendar with an `ETag` over all but the time of writing; 304 for who has them."""
    lines = list(_lines(events, name))
    kept = "\n".join(line for line in lines if not line.startswith("DTSTAMP:"))
    etag = f'W/"{hashlib.sha256(kept.encode()).hexdigest()[:32]}"'
    response = HttpResponse("".join(f"{fold(line)}\r\n" for line in lines), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="hiroba.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    return response if answer is None else answer


def _lines(events: list[FeedEvent], name: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hiroba//Schedule//EN", "CALSCALE:GREGORIAN")
    yield f"NAME:{escape(name)}"
    yield f"X-WR-CALNAME:{escape(name)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    stamp = f"{timezone.now().astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
    for event in events:
        yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{stamp}")
        if event.airs_at is None:
            yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        else:
            begin = event.airs_at.astimezone(datetime.UTC)
            yield f"DTSTART:{begin:%Y%m%dT%H%M%SZ}"
            yield f"DTEND:{begin + datetime.timedelta(seconds=event.seconds):%Y%m%dT%H%M%SZ}"
        yield from (f"SUMMARY:{escape(event.title)}", f"URL:{event.url}", "TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def escape(text: str) -> str:
    """A text value: backslash, comma, semicolon and line breaks escaped, other control characters dropped."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\\n").replace("\n", "\\n").translate(_BREAKS)
    return "".join(c for c in text if c >= " " and not "\x7f" <= c <= "\x9f")


def fold(line: str) -> str:
    """Lines of at most 75 bytes, going on after a space, never inside of a character."""
    parts: list[str] = []
    size, current = 0, ""
    for character in line:
        width = len(character.encode())
        if size + width > (75 if not parts else 74):
            parts.append(current)
            current, size = "", 0
        current += character
        size += width
    return "\r\n ".join([*parts, current])
