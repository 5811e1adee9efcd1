"""`/feed`: what people do, as far as they show it; and one's own lines taken out of it."""

from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.pagination import page_address, whole_number
from core.api.permissions import Public, SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.errors import ValidationFailed
from social.api.serializers.feed import FeedPageOut
from social.limits import FEED_WRITES
from social.selectors import feed as selectors
from social.selectors.feed import FeedPage
from social.services import feed as services

TAGS = ["Friends"]
PRIVATE = {"Cache-Control": "private, no-store"}
DEFAULT_SIZE, MOST = 20, 50
SCOPES = {"friends": selectors.feed_friends, "public": selectors.feed_public, "mine": selectors.feed_mine}
PAGING = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int, description="1 to 50, 20 by default.")]


def _size(request: Request) -> int:
    return whole_number(request.query_params, "page_size", DEFAULT_SIZE, highest=MOST)


def _body(request: Request, page: FeedPage) -> Response:
    follows = page_address(request.path, request.query_params, cursor=page.next_cursor) if page.next_cursor else None
    body = {"next": follows, "previous": None, "results": page.rows}
    return Response(FeedPageOut(body).data, headers=PRIVATE)


class Feed(View):
    access, scopes, query = SignedIn, Scope.SOCIAL_READ, frozenset({"scope", "cursor", "page_size"})

    @extend_schema(
        operation_id="feed_list",
        tags=TAGS,
        parameters=[
            OpenApiParameter(
                "scope", str, enum=list(SCOPES), description="`friends` (with those followed) by default."
            ),
            *PAGING,
        ],
        responses=FeedPageOut,
    )
    def get(self, request: Request) -> Response:
        """What friends and followed people do, what is shown to everybody, or the caller's own lines; the latest first."""
        read = SCOPES.get(request.query_params.get("scope", "friends"))
        if read is None:
            raise ValidationFailed({"scope": [_("One of: %(names)s.") % {"names": ", ".join(SCOPES)}]})
        cursor, viewer = request.query_params.get("cursor"), cast(User, request.user)
        return _body(request, read(viewer, cursor=cursor, limit=_size(request)))


class UserFeed(View):
    access, scopes, query = Public, Scope.SOCIAL_READ, frozenset({"cursor", "page_size"})
    also_answers = {"404": "`not_found`: nobody, or they do not show the caller what they do"}

    @extend_schema(operation_id="users_feed", tags=TAGS, parameters=PAGING, responses=FeedPageOut)
    def get(self, request: Request, username: str) -> Response:
        """What one person did, the latest first, as far as they show it to the caller."""
        cursor = request.query_params.get("cursor")
        return _body(request, selectors.feed_of(request.user, username, cursor=cursor, limit=_size(request)))


class FeedLineView(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"DELETE": (FEED_WRITES,)}

    @extend_schema(operation_id="feed_line_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Take a line of one's own out of the feed; the list stays as it is. 404 for others' lines."""
        services.lines_hide(actor=cast(User, request.user), line_ids=[id])
        return Response(status=204)


class FeedLineRestore(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"POST": (FEED_WRITES,)}

    @extend_schema(operation_id="feed_line_restore", tags=TAGS, request=None, responses={204: None})
    def post(self, request: Request, id: UUID) -> Response:
        """Bring a line of one's own back that was taken out."""
        services.lines_restore(actor=cast(User, request.user), line_ids=[id])
        return Response(status=204)
