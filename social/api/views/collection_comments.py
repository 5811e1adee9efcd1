"""`/collections/{id}/comments`: what is said under a collection, as the reference has it: an array in the order of time."""

from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import Role, User
from core.api.pagination import whole_number
from core.api.permissions import Public, SignedIn, role_in
from core.api.scopes import Scope
from core.api.views import View
from core.errors import ValidationFailed
from social.access import get_collection_target
from social.api.serializers.comments import CollectionCommentIn, CollectionCommentOut
from social.api.views.comments import WRITES
from social.api.views.posts import as_staff
from social.limits import COMMENT_EDITS
from social.selectors.collection_comments import COMMENTS_DEFAULT, COMMENTS_LIMIT, collection_comments
from social.services.collection_comments import collection_comment_delete
from social.services.comments import CommentDraft, comment_publish

TAGS = ["Collections"]
Admin = role_in(Role.ADMIN, Role.SUPERADMIN)


class CollectionComments(View):
    access = {"GET": Public, "POST": SignedIn}
    scopes = {"GET": Scope.LISTS_READ, "POST": Scope.SOCIAL_WRITE}
    limits = {"POST": WRITES}
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
        get_collection_target(request.user, id)
        limit = whole_number(request.query_params, "limit", COMMENTS_DEFAULT, highest=999_999_999)
        rows = collection_comments(request.user, id, limit=min(limit, COMMENTS_LIMIT), before=_before(request))
        return Response(CollectionCommentOut(rows, many=True, context={"viewer_id": request.user.pk}).data)

    @extend_schema(
        operation_id="collection_comment_add",
        tags=TAGS,
        request=CollectionCommentIn,
        responses={201: CollectionCommentOut},
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Write under a visible collection: at most 2,000 characters, ten a minute, 120 an hour."""
        target, data = get_collection_target(request.user, id), self.parse(CollectionCommentIn)
        actor = cast(User, request.user)
        draft = CommentDraft(body=data["body"])
        comment = comment_publish(actor=actor, target=target, draft=draft, as_staff=as_staff(request))
        return Response(CollectionCommentOut(comment, context={"viewer_id": actor.pk}).data, status=201)


class CollectionComment(View):
    access, scopes, limits = SignedIn, Scope.SOCIAL_WRITE, {"DELETE": (COMMENT_EDITS,)}

    @extend_schema(operation_id="collection_comment_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, comment_id: UUID) -> Response:
        """Delete a comment: its author and the collection's owner may (404 for others); it is kept for moderation."""
        collection_comment_delete(actor=cast(User, request.user), comment_id=comment_id)
        return Response(status=204)


class AdminCollectionComment(View):
    access, limits = Admin, {"DELETE": (COMMENT_EDITS,)}

    @extend_schema(operation_id="admin_collection_comment_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, comment_id: UUID) -> Response:
        """Delete any comment; admins only."""
        collection_comment_delete(actor=cast(User, request.user), comment_id=comment_id, as_admin=True)
        return Response(status=204)


def _before(request: Request) -> UUID | None:
    """`?before=`; raises `ValidationFailed` for what is no id."""
    raw = request.query_params.get("before")
    if not raw:
        return None
    try:
        return UUID(raw)
    except ValueError:
        raise ValidationFailed({"before": [_("A UUID.")]}) from None
