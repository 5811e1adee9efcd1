"""The schedule as iCalendar (RFC 5545): for everybody, or for one person's list through a private address."""

import datetime
import hashlib
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.facade import User, sees_adult, sees_hidden
from catalog.pages.cards import anime_path, title_pick
from catalog.selectors.calendar import Airing, Calendar, Window, calendar
from core.errors import NotFound
from core.site.preferences import title_language_of
from core.site.watched_anime import watched_anime_ids

DAYS_BACK, DAYS_AHEAD = 7, 28
_SALT = "schedule.ics"


def calendar_address(user: User) -> str:
    """The private address of a person's own feed; a new password makes the old address worthless."""
    return f"{reverse('schedule-ics')}?key={signing.dumps([str(user.pk), _mark(user)], salt=_SALT)}"


def _mark(user: User) -> str:
    return hashlib.sha256(user.password.encode()).hexdigest()[:16]


def _owner(key: str) -> User:
    """Whose feed a key opens. Raises `NotFound` for keys that are forged, old or of somebody suspended."""
    try:
        user_id, mark = signing.loads(key, salt=_SALT)
        user = User.objects.filter(pk=user_id, is_active=True).first()
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotFound() from error
    if user is None or mark != _mark(user):
        raise NotFound()
    return user


@require_safe
def schedule_ics(request: HttpRequest) -> HttpResponse:
    """A week back and four ahead; `?key=` narrows it to its owner's list. Four queries at most."""
    user = _owner(request.GET["key"]) if request.GET.get("key") else None
    today = timezone.now().date()
    window = Window(today - datetime.timedelta(days=DAYS_BACK), DAYS_BACK + DAYS_AHEAD, ZoneInfo("UTC"))
    is_known = user is not None
    found = calendar(window, adult=is_known and sees_adult(user), shows_hidden=is_known and sees_hidden(user))
    wanted = set(found.cards) & watched_anime_ids(user) if user is not None else set(found.cards)
    body = "".join(f"{fold(line)}\r\n" for line in _lines(request, found, wanted))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="hiroba.ics"'
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _lines(request: HttpRequest, found: Calendar, wanted: set[int]) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hiroba//Schedule//EN", "CALSCALE:GREGORIAN")
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    cards = {anime_id: orjson.loads(found.cards[anime_id]) for anime_id in wanted}
    stamp = f"{timezone.now():%Y%m%dT%H%M%SZ}"
    for airing in found.airings:
        if airing.anime_id in cards:
            yield from _event(request, airing, cards[airing.anime_id], stamp)
    yield "END:VCALENDAR"


def _event(request: HttpRequest, airing: Airing, card: dict[str, Any], stamp: str) -> Iterator[str]:
    title = title_pick(card, title_language_of(request))[0]
    yield "BEGIN:VEVENT"
    yield f"UID:{airing.anime_id}-{airing.episode or airing.day.isoformat()}@hiroba"
    yield f"DTSTAMP:{stamp}"
    if airing.airs_at is None:
        yield f"DTSTART;VALUE=DATE:{airing.day:%Y%m%d}"
    else:
        seconds = card.get("duration_seconds") or 1800
        yield f"DTSTART:{airing.airs_at:%Y%m%dT%H%M%SZ}"
        yield f"DTEND:{airing.airs_at + datetime.timedelta(seconds=seconds):%Y%m%dT%H%M%SZ}"
    yield f"SUMMARY:{escape(title)}{f' · {airing.episode}' if airing.episode else ''}"
    yield f"URL:{request.build_absolute_uri(anime_path(airing.anime_id, card.get('slug') or ''))}"
    yield "END:VEVENT"


def escape(text: str) -> str:
    """A text value: backslash, comma, semicolon and line breaks escaped, other control characters dropped."""
    text = (
        text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r\n", "\\n").replace("\n", "\\n")
    )
    return "".join(c for c in text if c >= " " and c != "\x7f")


def fold(line: str) -> str:
    """Lines of at most 75 bytes, going on after a space, never inside of a character."""
    parts, size, current = [], 0, ""
    for character in line:
        width = len(character.encode())
        if size + width > (75 if not parts else 74):
            parts.append(current)
            current, size = "", 0
        current += character
        size += width
    return "\r\n ".join([*parts, current])
