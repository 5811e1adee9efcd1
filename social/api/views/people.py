"""What one is to a person: friends in common, following, blocking; and whom a person shows around them."""

from typing import cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.pagination import PageQuery
from core.api.permissions import Public, SignedIn
from core.api.scopes import Scope
from core.api.views import View
from social.api.serializers.people import ListedOut, ListedPageOut, StandingOut
from social.api.views.friends import PAGING, PRIVATE, TAGS, listed
from social.limits import RELATIONS
from social.selectors.friends import followers_page, following_page, friends_page, mutual_page, owner_get
from social.selectors.relations import standing
from social.services import relations as services

PAGED = frozenset({"page", "page_size"})
WRITES = {"POST": (RELATIONS,), "DELETE": (RELATIONS,)}
HIDDEN = {"404": "`not_found`: nobody, or a profile that is not shown to the caller"}


class UserFriends(View):
    access, scopes, query, also_answers = Public, Scope.SOCIAL_READ, PAGED, HIDDEN

    @extend_schema(operation_id="user_friends", tags=TAGS, parameters=PAGING, responses=ListedPageOut)
    def get(self, request: Request, user_id: UUID) -> Response:
        """Somebody's accepted friends, the latest first: those whose own profile is shown to the caller too."""
        owner, page = owner_get(request.user, user_id).user, PageQuery.of(request.query_params)
        found = friends_page(request.user, owner, offset=page.offset, size=page.size)
        return listed(request, page, found, ListedOut(found.rows, many=True).data)


class UserMutualFriends(View):
    access, scopes, query, also_answers = SignedIn, Scope.SOCIAL_READ, PAGED, HIDDEN

    @extend_schema(operation_id="user_mutual_friends", tags=TAGS, parameters=PAGING, responses=ListedPageOut)
    def get(self, request: Request, user_id: UUID) -> Response:
        """Those who are friends of this person and of the caller."""
        actor = cast(User, request.user)
        owner, page = owner_get(actor, user_id).user, PageQuery.of(request.query_params)
        found = mutual_page(actor, owner, offset=page.offset, size=page.size)
        return listed(request, page, found, ListedOut(found.rows, many=True).data)


class UserFollowers(View):
    access, scopes, query, also_answers = Public, Scope.SOCIAL_READ, PAGED, HIDDEN

    @extend_schema(operation_id="user_followers", tags=TAGS, parameters=PAGING, responses=ListedPageOut)
    def get(self, request: Request, user_id: UUID) -> Response:
        """Who follows this person, the latest first."""
        owner, page = owner_get(request.user, user_id).user, PageQuery.of(request.query_params)
        found = followers_page(request.user, owner, offset=page.offset, size=page.size)
        return listed(request, page, found, ListedOut(found.rows, many=True).data)


class UserFollowing(View):
    access, scopes, query, also_answers = Public, Scope.SOCIAL_READ, PAGED, HIDDEN

    @extend_schema(operation_id="user_following", tags=TAGS, parameters=PAGING, responses=ListedPageOut)
    def get(self, request: Request, user_id: UUID) -> Response:
        """Whom this person follows, the latest first."""
        owner, page = owner_get(request.user, user_id).user, PageQuery.of(request.query_params)
        found = following_page(request.user, owner, offset=page.offset, size=page.size)
        return listed(request, page, found, ListedOut(found.rows, many=True).data)


class UserRelation(View):
    access, scopes, query = SignedIn, Scope.SOCIAL_READ, frozenset()

    @extend_schema(operation_id="user_relation", tags=TAGS, responses=StandingOut)
    def get(self, request: Request, user_id: UUID) -> Response:
        """How the caller stands to this person; to somebody unknown, or hidden by their block, as to a stranger."""
        return Response(StandingOut(standing(cast(User, request.user), user_id)).data, headers=PRIVATE)


class UserFollow(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, WRITES
    also_answers = {
        "400": "`with_oneself`",
        "403": "`blocked`: the caller blocks this person",
        "404": "`not_found`: nobody whom the caller sees",
        "409": "`too_many_followed`",
    }

    @extend_schema(operation_id="user_follow", tags=TAGS, request=None, responses=StandingOut)
    def post(self, request: Request, user_id: UUID) -> Response:
        """Follow: read what this person shows to everyone, without friendship. Twice is once."""
        actor = cast(User, request.user)
        services.person_follow(actor=actor, user_id=user_id)
        return Response(StandingOut(standing(actor, user_id)).data)

    @extend_schema(operation_id="user_unfollow", tags=TAGS, responses={204: None})
    def delete(self, request: Request, user_id: UUID) -> Response:
        """Stop following; not to follow is fine."""
        services.person_unfollow(actor=cast(User, request.user), user_id=user_id)
        return Response(status=204)


class UserBlock(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, WRITES
    also_answers = {"400": "`with_oneself`", "404": "`not_found`: nobody whom the caller sees"}

    @extend_schema(operation_id="user_block", tags=TAGS, request=None, responses=StandingOut)
    def post(self, request: Request, user_id: UUID) -> Response:
        """Block a person, friend or not: each is hidden from the other everywhere. Twice is once."""
        actor = cast(User, request.user)
        services.person_block(actor=actor, user_id=user_id)
        return Response(StandingOut(standing(actor, user_id)).data)

    @extend_schema(operation_id="user_unblock", tags=TAGS, responses={204: None})
    def delete(self, request: Request, user_id: UUID) -> Response:
        """Take the block back; friendship has to be asked for again. None is fine."""
        services.person_unblock(actor=cast(User, request.user), user_id=user_id)
        return Response(status=204)
