"""The caller's notifications: list, count, mark read, delete."""

from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.pagination import page_address, whole_number
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.errors import ValidationFailed
from core.site.preferences import title_language_of
from social.api.serializers.notifications import MarkedOut, NotificationOut, NotificationsOut, UnreadCountOut, WhichIn
from social.limits import NOTIFICATION_MARKS
from social.notice_types import kinds_of
from social.selectors.notifications import DEFAULT_LIMIT, MAX_LIMIT, notifications_page
from social.services.notification_marks import notifications_delete, notifications_read
from social.services.notifications import unread_count

TAGS = ["Notifications"]
LIMITS = {"POST": (NOTIFICATION_MARKS,)}


class Notifications(View):
    access, scopes = SignedIn, Scope.SOCIAL_READ
    query = frozenset({"type", "unread", "limit", "cursor"})

    @extend_schema(
        operation_id="notifications_list",
        tags=TAGS,
        parameters=[
            OpenApiParameter("type", str, description="A kind, or conversations, people, likes, episodes, site."),
            OpenApiParameter("unread", bool, description="`true`: only what is unread."),
            OpenApiParameter("limit", int, description="1–100, 20 unless said."),
            OpenApiParameter("cursor", str, description="From `next` or `previous`."),
        ],
        responses=NotificationsOut,
    )
    def get(self, request: Request) -> Response:
        """What happened, the latest first; what happened again while unread is one row."""
        asked, params = _asked(request), request.query_params
        titles = title_language_of(request._request)
        page = notifications_page(cast(User, request.user), titles=titles, cursor=params.get("cursor"), **asked)
        ends = {"next": page.next_cursor, "previous": page.previous_cursor}
        links = {name: page_address(request.path, params, cursor=to) if to else None for name, to in ends.items()}
        return Response({**links, "results": NotificationOut(page.rows, many=True).data})


class UnreadCount(View):
    access, scopes, query = SignedIn, Scope.SOCIAL_READ, frozenset()

    @extend_schema(operation_id="notifications_unread_count", tags=TAGS, responses=UnreadCountOut)
    def get(self, request: Request) -> Response:
        """How many are unread."""
        return Response({"count": unread_count(cast(User, request.user).pk)})


class MarkRead(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, LIMITS

    @extend_schema(operation_id="notifications_mark_read", tags=TAGS, request=WhichIn, responses=MarkedOut)
    def post(self, request: Request) -> Response:
        """Mark those of `ids` that are the caller's read, at most 1,000 a call, or `all`; others are passed over."""
        user, data = cast(User, request.user), self.parse(WhichIn)
        changed = notifications_read(user=user, ids=data["ids"])
        return Response({"changed": changed, "unread_count": unread_count(user.pk)})


class Delete(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, LIMITS

    @extend_schema(operation_id="notifications_delete", tags=TAGS, request=WhichIn, responses=MarkedOut)
    def post(self, request: Request) -> Response:
        """Delete those of `ids` that are the caller's, at most 1,000 a call, or `all`; others are passed over."""
        user, data = cast(User, request.user), self.parse(WhichIn)
        changed = notifications_delete(user=user, ids=data["ids"])
        return Response({"changed": changed, "unread_count": unread_count(user.pk)})


def _asked(request: Request) -> dict[str, Any]:
    """What the query asks for; 422 for a type or a flag that is none."""
    params = request.query_params
    kinds = kinds_of(params["type"]) if params.get("type") else None
    if params.get("type") and kinds is None:
        raise ValidationFailed({"type": [_("No notifications are of this type.")]})
    unread = params.get("unread", "").lower()
    if unread not in ("", "true", "false", "1", "0"):
        raise ValidationFailed({"unread": [_("true or false.")]})
    limit = whole_number(params, "limit", DEFAULT_LIMIT, highest=MAX_LIMIT)
    return {"kinds": kinds, "is_unread": unread in ("true", "1"), "limit": limit}
