"""What people say of a collection: reactions and bookmarks; its comments are of `social`."""

from typing import cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.permissions import Public, SignedIn
from core.api.scopes import Scope
from core.api.views import View
from lists.access_collections import get_collection
from lists.api.serializers.collection_social import (
    ReactionIn,
    SocialOut,
)
from lists.api.views.collections import LIMITS, TAGS
from lists.selectors.collections import social_state
from lists.services import collection_social as services


class CollectionSocial(View):
    access, scopes, query = Public, Scope.LISTS_READ, frozenset()

    @extend_schema(operation_id="collection_social", tags=TAGS, responses=SocialOut)
    def get(self, request: Request, id: UUID) -> Response:
        """Likes, dislikes, bookmarks, views, and what the caller said (null for strangers)."""
        return Response(SocialOut(social_state(request.user, get_collection(request.user, id))).data)


class CollectionReaction(View):
    access, scopes, limits = SignedIn, Scope.LISTS_WRITE, LIMITS

    @extend_schema(operation_id="collection_reaction_set", tags=TAGS, request=ReactionIn, responses=SocialOut)
    def post(self, request: Request, id: UUID) -> Response:
        """Like or dislike it, one's own too; another value replaces the first."""
        found, data = get_collection(request.user, id), self.parse(ReactionIn)
        services.reaction_set(actor=cast(User, request.user), collection=found, value=data["reaction"])
        return Response(SocialOut(social_state(request.user, found)).data)

    @extend_schema(operation_id="collection_reaction_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Take one's reaction away; none is fine."""
        found = get_collection(request.user, id)
        services.reaction_remove(actor=cast(User, request.user), collection=found)
        return Response(status=204)


class CollectionFavorite(View):
    access, scopes, limits = SignedIn, Scope.LISTS_WRITE, LIMITS

    @extend_schema(operation_id="collection_favorite_add", tags=TAGS, request=None, responses=SocialOut)
    def post(self, request: Request, id: UUID) -> Response:
        """Bookmark it; twice is once."""
        found = get_collection(request.user, id)
        services.favourite_add(actor=cast(User, request.user), collection=found)
        return Response(SocialOut(social_state(request.user, found)).data)

    @extend_schema(operation_id="collection_favorite_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Take one's bookmark away, also of what has been made private since; none is fine."""
        services.favourite_remove(actor=cast(User, request.user), collection_id=id)
        return Response(status=204)
