"""Friends and requests for friendship."""

from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.pagination import PageQuery, page_envelope
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.errors import ValidationFailed
from social.api.serializers.people import (
    FriendRequestIn,
    FriendshipOut,
    FriendshipsOut,
    ListedOut,
    ListedPageOut,
    StandingOut,
)
from social.limits import FRIEND_REQUESTS, RELATIONS
from social.selectors.friends import WHICH, Relations, blocked_page, friendship_shown, friendships_page
from social.selectors.relations import standing
from social.services import relations as services

TAGS = ["Friends"]
PRIVATE = {"Cache-Control": "private, no-store"}
PAGING = [
    OpenApiParameter("page", int, description="1 and up."),
    OpenApiParameter("page_size", int, description="1 to 100, 20 by default."),
]


def listed(request: Request, page: PageQuery, found: Relations, results: Any) -> Response:
    """A page of people; never kept by anybody between, for whom one knows is nobody else's."""
    body = page_envelope(request.path, request.query_params, page, count=found.count, results=results)
    return Response(body, headers=PRIVATE)


class Friends(View):
    access, scopes, query = SignedIn, Scope.SOCIAL_READ, frozenset({"status", "page", "page_size"})

    @extend_schema(
        operation_id="friends_list",
        tags=TAGS,
        parameters=[
            OpenApiParameter("status", str, enum=[name for name in WHICH if name], description="Else all of them."),
            *PAGING,
        ],
        responses=FriendshipsOut,
    )
    def get(self, request: Request) -> Response:
        """All friends and pending requests of the caller: who asks first, then who was asked, then friends; the latest first.

        People who are suspended or leaving are not among them until they are back.
        """
        which, page = request.query_params.get("status", ""), PageQuery.of(request.query_params)
        if which not in WHICH:
            raise ValidationFailed({"status": [_("One of: %(names)s.") % {"names": ", ".join(filter(None, WHICH))}]})
        found = friendships_page(cast(User, request.user), which=which, offset=page.offset, size=page.size)
        return listed(request, page, found, FriendshipOut(found.rows, many=True).data)


class BlockedPeople(View):
    access, scopes, query = SignedIn, Scope.SOCIAL_READ, frozenset({"page", "page_size"})

    @extend_schema(operation_id="friends_blocked", tags=TAGS, parameters=PAGING, responses=ListedPageOut)
    def get(self, request: Request) -> Response:
        """Whom the caller blocks, the latest first."""
        page = PageQuery.of(request.query_params)
        found = blocked_page(cast(User, request.user), offset=page.offset, size=page.size)
        return listed(request, page, found, ListedOut(found.rows, many=True).data)


class FriendRequest(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"POST": (RELATIONS,)}
    done_limits = {"POST": (FRIEND_REQUESTS,)}
    also_answers = {
        "400": "`with_oneself`",
        "403": "`blocked`: the caller blocks this person",
        "404": "`not_found`: nobody whom the caller sees",
        "409": "`already_friends`, `already_requested`, `too_many_friends`",
    }

    @extend_schema(
        operation_id="friends_request",
        tags=TAGS,
        request=FriendRequestIn,
        responses={200: FriendshipOut, 201: FriendshipOut},
    )
    def post(self, request: Request) -> Response:
        """Ask for friendship, 30 times an hour; 201. Who asks somebody that has asked them becomes their friend: 200."""
        actor = cast(User, request.user)
        made = services.friendship_request(actor=actor, user_id=self.parse(FriendRequestIn)["user_id"])
        body = FriendshipOut(friendship_shown(actor, made)).data
        return Response(body, status=201 if made.accepted_at is None else 200)


class FriendAccept(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"POST": (RELATIONS,)}
    also_answers = {"404": "`not_found`: no request to the caller", "409": "`already_friends`, `too_many_friends`"}

    @extend_schema(operation_id="friends_accept", tags=TAGS, request=None, responses=FriendshipOut)
    def post(self, request: Request, id: UUID) -> Response:
        """Accept a request. The id is the request's, or of the person who asked."""
        actor = cast(User, request.user)
        made = services.friendship_accept(actor=actor, friendship_id=id)
        return Response(FriendshipOut(friendship_shown(actor, made)).data)


class FriendReject(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"POST": (RELATIONS,)}
    also_answers = {"404": "`not_found`: no request to the caller", "409": "`already_friends`"}

    @extend_schema(operation_id="friends_reject", tags=TAGS, request=None, responses={204: None})
    def post(self, request: Request, id: UUID) -> Response:
        """Decline a request; who asked is not told. The id is the request's, or of the person who asked."""
        services.friendship_reject(actor=cast(User, request.user), friendship_id=id)
        return Response(status=204)


class FriendBlock(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"POST": (RELATIONS,)}
    also_answers = {"400": "`with_oneself`", "404": "`not_found`: nobody whom the caller sees"}

    @extend_schema(operation_id="friends_block", tags=TAGS, request=None, responses=StandingOut)
    def post(self, request: Request, id: UUID) -> Response:
        """Block a person, and end the friendship or the request if there is one. The id is its, or the person's."""
        actor = cast(User, request.user)
        block = services.friendship_block(actor=actor, found_id=id)
        return Response(StandingOut(standing(actor, block.blocked_id)).data)


class Friend(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"DELETE": (RELATIONS,)}
    also_answers = {"404": "`not_found`: no friendship or request of the caller"}

    @extend_schema(operation_id="friends_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """End a friendship, take one's request back, or decline one. The id is its, or the other person's."""
        services.friendship_remove(actor=cast(User, request.user), friendship_id=id)
        return Response(status=204)
