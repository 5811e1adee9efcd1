"""What people say of a collection: reactions, bookmarks, comments."""

from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.pagination import whole_number
from core.api.permissions import Public, SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.errors import ValidationFailed
from lists.access_collections import get_collection, get_comment
from lists.api.serializers.collection_social import (
    CollectionCommentIn,
    CollectionCommentOut,
    ReactionIn,
    SocialOut,
)
from lists.api.serializers.collections import uuid_of
from lists.api.views.collections import LIMITS, TAGS, Admin
from lists.limits import COMMENTS
from lists.selectors.collections import COMMENTS_DEFAULT, COMMENTS_LIMIT, comments_of, social_state
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


class CollectionComments(View):
    access = {"GET": Public, "POST": SignedIn}
    scopes = {"GET": Scope.LISTS_READ, "POST": Scope.SOCIAL_WRITE}
    limits = {"POST": (COMMENTS,)}
    query = frozenset({"limit", "before"})
    also_answers = {"403": "`muted`: this person may not write until `muted_until`, or the key has no such scope"}

    @extend_schema(
        operation_id="collection_comments_list",
        tags=TAGS,
        parameters=[
            OpenApiParameter("limit", int, description="50 unless said; more than 200 counts as 200."),
            OpenApiParameter("before", str, description="A comment's id: those that are older."),
        ],
        responses=CollectionCommentOut(many=True),
    )
    def get(self, request: Request, id: UUID) -> Response:
        """Comments with their authors, newest first; an array, without deleted ones."""
        found, params = get_collection(request.user, id), request.query_params
        limit = min(whole_number(params, "limit", COMMENTS_DEFAULT, highest=999_999_999), COMMENTS_LIMIT)
        before = uuid_of(params["before"]) if params.get("before") else None
        if params.get("before") and before is None:
            raise ValidationFailed({"before": [_("A UUID.")]})
        rows = comments_of(request.user, found, limit=limit, before=before)
        return Response(CollectionCommentOut(rows, many=True).data)

    @extend_schema(
        operation_id="collection_comment_add",
        tags=TAGS,
        request=CollectionCommentIn,
        responses={201: CollectionCommentOut},
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Write under a visible collection: plain text of at most 2,000 characters, ten a minute."""
        found, data = get_collection(request.user, id), self.parse(CollectionCommentIn)
        comment = services.comment_add(actor=cast(User, request.user), collection=found, body=data["body"])
        return Response(CollectionCommentOut(comment).data, status=201)


class CollectionComment(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, LIMITS

    @extend_schema(operation_id="collection_comment_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, comment_id: UUID) -> Response:
        """Delete a comment: its author and the collection's owner may (404 for others); it is kept for moderation."""
        services.comment_remove(actor=cast(User, request.user), comment=get_comment(comment_id), as_admin=False)
        return Response(status=204)


class AdminCollectionComment(View):
    access, limits = Admin, LIMITS

    @extend_schema(operation_id="admin_collection_comment_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, comment_id: UUID) -> Response:
        """Delete any comment; admins only."""
        services.comment_remove(actor=cast(User, request.user), comment=get_comment(comment_id), as_admin=True)
        return Response(status=204)
