"""What airs of somebody's list as iCalendar and RSS, at a secret address."""

import datetime
import hashlib
import re
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.facade import User, sees_adult
from catalog.facade import FeedEvent, calendar, feed_events, feed_window, ical_response
from core.site.preferences import TitleLanguage
from core.throttles import Limit, throttle_check, throttle_key
from lists.selectors.entries import followed_ids
from lists.services.calendars import calendar_owner

ADDRESS_LIMIT = Limit("calendar-address", 300, 600, per="address")
OWNER_LIMIT = Limit("calendar-owner", 120, 3600)
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold at all."""


class _Feed(Rss201rev2Feed):
    """`lastBuildDate` is the latest broadcast that has been: those to come are dated by when they air."""

    def latest_post_date(self) -> datetime.datetime:
        now = timezone.now()
        past = [item["pubdate"] for item in self.items if item["pubdate"] <= now]
        return max(past, default=now.replace(hour=0, minute=0, second=0, microsecond=0))


@require_safe
def calendar_ics(request: HttpRequest, key: str) -> HttpResponse:
    """A week back, four ahead, of what the key's owner follows; 404 for a key that is not (or no longer) good. Five queries."""
    owner = _owner(request, key)
    return _private(ical_response(request, _events(request, owner), name=f"{settings.SITE_NAME} · {owner.username}"))


@require_safe
def calendar_rss(request: HttpRequest, key: str) -> HttpResponse:
    """The same broadcasts as RSS 2.0, the latest first, each dated by when it airs."""
    owner = _owner(request, key)
    feed = _Feed(
        title=f"{settings.SITE_NAME} · {owner.username}",
        link=request.build_absolute_uri(f"{reverse('schedule')}?mine=1"),
        description=_("What airs of the anime on your list."),
        feed_url=request.build_absolute_uri(request.path),
        ttl=60,
    )
    for event in reversed(_events(request, owner)):
        feed.add_item(
            title=_NO_XML.sub("", event.title),
            link=event.url,
            description=_when(event),
            unique_id=event.uid,
            unique_id_is_permalink=False,
            pubdate=_moment(event),
        )
    body = feed.writeString("utf-8")
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    response = _private(HttpResponse(body, content_type="application/rss+xml; charset=utf-8"))
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    return response if answer is None else answer


def _owner(request: HttpRequest, key: str) -> User:
    """Guessing is limited per address, reading per owner: a program that reads too often does not lock others out."""
    throttle_check(ADDRESS_LIMIT, throttle_key(ADDRESS_LIMIT, request))
    owner = calendar_owner(key)
    throttle_check(OWNER_LIMIT, f"u{owner.pk}")
    return owner


def _events(request: HttpRequest, owner: User) -> list[FeedEvent]:
    """Hidden anime never, adult ones for those who asked; titles in the owner's language."""
    found = calendar(feed_window(timezone.now()), adult=sees_adult(owner))
    return feed_events(
        found,
        followed_ids(owner),
        language=cast(TitleLanguage, owner.title_language),
        absolute=request.build_absolute_uri,
    )


def _moment(event: FeedEvent) -> datetime.datetime:
    """When it airs; the first instant of the day in UTC when only the day is known."""
    return event.airs_at or datetime.datetime.combine(event.day, datetime.time.min, tzinfo=datetime.UTC)


def _when(event: FeedEvent) -> str:
    return f"{event.day:%Y-%m-%d}" if event.airs_at is None else f"{event.airs_at:%Y-%m-%d %H:%M} UTC"


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
