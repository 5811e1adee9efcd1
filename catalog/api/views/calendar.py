"""The weekly calendar and the community's rating."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema

from accounts.facade import sees_adult, sees_hidden
from catalog.access import anime_id_by_shikimori, get_anime
from catalog.api.bodies import array_body
from catalog.api.parameters import ADULT_ANSWER, CALENDAR, HIDDEN_ANSWER
from catalog.api.serializers.calendar import CalendarOut, CommunityRatingOut
from catalog.errors import AdultNotAllowed
from catalog.filters.base import Errors, single_value
from catalog.selectors.calendar import MAX_DAYS, Airing, Calendar, Window, calendar
from catalog.selectors.community import NOBODY, community_rating
from core.api.documents import Ask, Document, DocumentView
from core.api.pagination import whole_number
from core.api.renderers import json_bytes
from core.api.scopes import Scope
from core.errors import ValidationFailed


class AnimeCalendar(DocumentView):
    scopes = Scope.CATALOG_READ
    query = frozenset({"from", "days", "tz", "adult"})
    also_answers = ADULT_ANSWER

    @extend_schema(parameters=CALENDAR, responses=CalendarOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """What airs on which day: a week from today unless asked otherwise. Days are those of `tz`."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, **kwargs: Any) -> Document:
        adult = with_adult(ask.params, ask.user)
        found = calendar(window_of(ask.params), adult=adult, shows_hidden=sees_hidden(ask.user))
        return Document(calendar_body(found))


def with_adult(params: QueryDict, user: Any) -> bool:
    """Whether `?adult=true` asks for adult titles too. Raises `ValidationFailed` (422), `AdultNotAllowed` (403)."""
    value = params.get("adult") or "false"
    if value not in ("true", "false"):
        raise ValidationFailed({"adult": [_("“true” or “false”.")]})
    if value == "true" and not sees_adult(user):
        raise AdultNotAllowed()
    return value == "true"


def window_of(params: QueryDict) -> Window:
    """`?from=&days=&tz=`; raises `ValidationFailed` (422)."""
    errors: Errors = {}
    name, first = single_value(params, "tz", errors) or "UTC", single_value(params, "from", errors)
    if name not in available_timezones():
        errors["tz"] = [_("The name of a time zone like “Asia/Tokyo”.")]
    start = None
    try:
        start = datetime.date.fromisoformat(first) if first else None
    except ValueError:
        errors["from"] = [_("A date like 2024-04-05.")]
    if start is not None and not 1900 <= start.year <= 2200:
        errors["from"] = [_("A date like 2024-04-05.")]
    if errors:
        raise ValidationFailed(errors)
    zone = ZoneInfo(name)
    return Window(
        start or timezone.now().astimezone(zone).date(), whole_number(params, "days", 7, highest=MAX_DAYS), zone
    )


def calendar_body(found: Calendar) -> bytes:
    """The calendar as JSON; the cards are stored bytes."""
    window = found.window
    head = {"timezone": window.zone.key, "start": window.start, "end": window.end}
    days = b",".join(
        b'{"date":"%s","airings":%s}' % (day.isoformat().encode(), array_body(_airing(found, item) for item in airings))
        for day, airings in found.by_day()
    )
    return b'%s,"days":[%s]}' % (json_bytes(head)[:-1], days)


def _airing(found: Calendar, airing: Airing) -> bytes:
    told = {
        "episode": airing.episode,
        "airs_at": airing.airs_at,
        "site": airing.site,
        "is_observed": airing.is_observed,
    }
    rest = json_bytes(told)
    return b'{"anime":%s,%s' % (found.cards[airing.anime_id], rest[1:])


class AnimeCommunityRating(DocumentView):
    scopes = Scope.CATALOG_READ
    query = frozenset()
    also_answers = HIDDEN_ANSWER

    @extend_schema(responses=CommunityRatingOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Average (0–100) and number of the scores that people of this site gave."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, id: int, **kwargs: Any) -> Document:
        return Document(json_bytes(community_rating(get_anime(ask.user, id).pk)))


class AnimeCommunityRatingByShikimori(AnimeCommunityRating):
    @extend_schema(responses=CommunityRatingOut)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """The same by Shikimori id; null and 0 when the anime is unknown here."""
        return super().get(*args, **kwargs)

    def document(self, ask: Ask, sid: str, **kwargs: Any) -> Document:
        anime_id = anime_id_by_shikimori(sid)
        return Document(json_bytes(NOBODY)) if anime_id is None else super().document(ask, id=anime_id)
