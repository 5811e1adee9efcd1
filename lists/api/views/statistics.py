"""Statistics of lists, and a year in review."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.permissions import Public, SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.errors import ValidationFailed
from core.site.preferences import is_time_zone
from core.throttles import Limit
from lists.access import SeenList, get_list
from lists.api.serializers.statistics import StatisticsOut, YearOut, statistics_fields, year_fields
from lists.selectors.statistics import list_statistics
from lists.selectors.years import year_review

STATISTICS_LIMIT = Limit("list-statistics", 60, 60)
PRIVATE = {"Cache-Control": "private, no-store"}
_ZONE = OpenApiParameter("tz", str, description="IANA time zone that decides about days; UTC by default.")


def _zone(request: Request) -> ZoneInfo:
    name = request.query_params.get("tz", "UTC")
    if not is_time_zone(name):
        raise ValidationFailed({"tz": ["An IANA time zone, such as Europe/Berlin."]})
    return ZoneInfo(name)


class _Statistics(View):
    scopes = Scope.LISTS_READ
    query = frozenset({"tz"})
    limits: ClassVar = {"GET": (STATISTICS_LIMIT,)}

    def answer(self, request: Request, found: SeenList) -> Response:
        """The statistics as the caller sees the list."""
        statistics = list_statistics(request.user, found, zone=_zone(request))
        return Response(StatisticsOut(statistics_fields(found, statistics)).data, headers=PRIVATE)


class UserStatistics(_Statistics):
    access = Public

    @extend_schema(
        operation_id="user_anime_list_statistics", tags=["Anime list"], parameters=[_ZONE], responses=StatisticsOut
    )
    def get(self, request: Request, username: str) -> Response:
        """Statistics of a person's list: private entries count for its owner only; 404 where the list is not shown."""
        return self.answer(request, get_list(request.user, username))


class OwnStatistics(_Statistics):
    access = SignedIn

    @extend_schema(
        operation_id="anime_list_statistics", tags=["Anime list"], parameters=[_ZONE], responses=StatisticsOut
    )
    def get(self, request: Request) -> Response:
        """Statistics of the caller's own list."""
        return self.answer(request, get_list(request.user, request.user.username))


class UserYear(View):
    access = Public
    scopes = Scope.LISTS_READ
    query = frozenset({"tz"})
    limits: ClassVar = {"GET": (STATISTICS_LIMIT,)}

    @extend_schema(operation_id="user_anime_list_year", tags=["Anime list"], parameters=[_ZONE], responses=YearOut)
    def get(self, request: Request, username: str, year: int) -> Response:
        """A year in review; 404 where the list or the owner's activity is not shown, and for years outside 1900–2200."""
        found = get_list(request.user, username)
        review = year_review(request.user, found, year=year, zone=_zone(request))
        return Response(YearOut(year_fields(found, review)).data, headers=PRIVATE)
