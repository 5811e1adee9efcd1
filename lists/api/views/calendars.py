"""The secret addresses of the caller's calendar; keys never reach them (no scope): an address outlives a key."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.permissions import SignedIn
from core.api.views import View
from core.throttles import Limit
from lists.api.serializers.calendars import CalendarAddressesOut
from lists.selectors.entries import FOLLOWED
from lists.services.calendars import calendar_key, calendar_paths, calendar_revoke

REVOKE_LIMIT = Limit("calendar-revoke", 20, 3600)


def _answer(request: Request, key: str) -> Response:
    addresses = {kind: request.build_absolute_uri(path) for kind, path in calendar_paths(key).items()}
    fields = {**addresses, "statuses": sorted(FOLLOWED)}
    return Response(CalendarAddressesOut(fields).data, headers={"Cache-Control": "no-store"})


class Calendar(View):
    access = SignedIn
    query = frozenset()

    @extend_schema(operation_id="calendar_show", tags=["Anime list"], responses=CalendarAddressesOut)
    def get(self, request: Request) -> Response:
        """The addresses of the caller's schedule as iCalendar and RSS: a week back, four ahead."""
        return _answer(request, calendar_key(user=cast(User, request.user)))


class CalendarRevoke(View):
    access = SignedIn
    limits = {"POST": (REVOKE_LIMIT,)}

    @extend_schema(operation_id="calendar_revoke", tags=["Anime list"], request=None, responses=CalendarAddressesOut)
    def post(self, request: Request) -> Response:
        """Make new addresses; the old ones answer 404 from now on. By an interactive sign-in only, never by key."""
        return _answer(request, calendar_revoke(user=cast(User, request.user)))
