"""`/collections`: browsing, one of them, copying, counting looks."""

from typing import Any, cast
from uuid import UUID

from django.http import QueryDict
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
from lists.access_collections import get_collection
from lists.api.serializers.collections import (
    CollectionForkIn,
    CollectionIn,
    CollectionOut,
    CollectionViewedOut,
    FeaturedIn,
    uuid_of,
)
from lists.limits import COLLECTION_WRITES, VIEWS
from lists.models import CollectionVisibility
from lists.selectors.collections import (
    SORTS,
    CollectionQuery,
    collection_shown,
    collections_of,
    collections_stretch,
    shown_of,
)
from lists.services import collections as services

TAGS = ["Collections"]
BOTH = {"GET": Public, "POST": SignedIn, "PATCH": SignedIn, "DELETE": SignedIn}
SCOPES = {method: Scope.LISTS_READ if method == "GET" else Scope.LISTS_WRITE for method in BOTH}
LIMITS = dict.fromkeys(("POST", "PATCH", "DELETE"), (COLLECTION_WRITES,))
Admin = role_in(Role.ADMIN, Role.SUPERADMIN)
DEFAULT_LIMIT, HIGHEST_OFFSET = 50, 1_000_000
_FLAGS = {"": False, "true": True, "1": True, "false": False, "0": False}
OFFSET = OpenApiParameter("offset", int, description="How many to leave out first.")


def stretch_of(params: QueryDict, *, default: int, highest: int) -> dict[str, int]:
    """`limit` and `offset` of the query string. Raises `ValidationFailed`."""
    return {
        "limit": whole_number(params, "limit", default, highest=highest),
        "offset": whole_number(params, "offset", 0, lowest=0, highest=HIGHEST_OFFSET),
    }


def query_of(params: QueryDict) -> CollectionQuery:
    """What `GET /collections` is asked for. Raises `ValidationFailed`."""
    wrong: dict[str, list[str]] = {}
    user_id, visibility, sort = params.get("user_id", ""), params.get("visibility", ""), params.get("sort", "")
    if user_id and uuid_of(user_id) is None:
        wrong["user_id"] = [_("A UUID.")]
    if visibility and visibility not in CollectionVisibility.values:
        wrong["visibility"] = [_("One of: %(names)s.") % {"names": ", ".join(CollectionVisibility.values)}]
    if sort not in SORTS:
        wrong["sort"] = [_("One of: %(names)s.") % {"names": ", ".join(filter(None, SORTS))}]
    flags = {name: params.get(name, "").lower() for name in ("is_public", "is_challenge", "is_favorite")}
    wrong.update({name: [_("true or false.")] for name, raw in flags.items() if raw not in _FLAGS})
    if "\x00" in params.get("q", ""):
        wrong["q"] = [_("A text.")]
    if wrong:
        raise ValidationFailed(wrong)
    return CollectionQuery(
        owner_id=uuid_of(user_id) if user_id else None,
        visibility=visibility or (CollectionVisibility.PUBLIC if _FLAGS[flags["is_public"]] else ""),
        q=params.get("q", "")[:100],
        sort=sort,
        is_challenge=_FLAGS[flags["is_challenge"]],
        is_favourite=_FLAGS[flags["is_favorite"]],
    )


class Collections(View):
    access, scopes, limits = BOTH, SCOPES, LIMITS
    query = frozenset(
        {"user_id", "visibility", "is_public", "is_challenge", "is_favorite", "q", "sort", "limit", "offset"}
    )
    also_answers = {"409": "`too_many_collections`: one may have 200"}

    @extend_schema(
        operation_id="collections_list",
        tags=TAGS,
        parameters=[
            OpenApiParameter("user_id", str, description="UUID: one owner's; all of them when that is the caller."),
            OpenApiParameter(
                "visibility",
                str,
                enum=CollectionVisibility.values,
                description="unlisted and private: always the caller's own, whatever user_id says.",
            ),
            OpenApiParameter("is_public", bool, description="Legacy: true is visibility=public."),
            OpenApiParameter("is_challenge", bool, description="Challenges only."),
            OpenApiParameter("is_favorite", bool, description="Those that the caller has bookmarked."),
            OpenApiParameter("q", str, description="Words of the title."),
            OpenApiParameter("sort", str, enum=[name for name in SORTS if name], description="Else featured, latest."),
            OpenApiParameter("limit", int, description="At most 100, 50 unless said."),
            OFFSET,
        ],
        responses=CollectionOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """Public collections, featured ones first; an array. 401 where a stranger asks for what is somebody's own."""
        found = collections_of(request.user, query_of(request.query_params))
        stretch = stretch_of(request.query_params, default=DEFAULT_LIMIT, highest=100)
        return Response(CollectionOut(collections_stretch(request.user, found, **stretch), many=True).data)

    @extend_schema(operation_id="collection_create", tags=TAGS, request=CollectionIn, responses={201: CollectionOut})
    def post(self, request: Request) -> Response:
        """Make a collection of one's own, private unless said otherwise."""
        made = services.collection_create(actor=cast(User, request.user), **self.parse(CollectionIn))
        return Response(CollectionOut(shown_of(request.user, made)).data, status=201)


class CollectionDetail(View):
    access, scopes, limits, query = BOTH, SCOPES, LIMITS, frozenset()

    @extend_schema(operation_id="collection_read", tags=TAGS, responses=CollectionOut)
    def get(self, request: Request, id: UUID) -> Response:
        """One collection with its owner and `anime_count`; 404 for a private one of others."""
        return Response(CollectionOut(collection_shown(request.user, id)).data)

    @extend_schema(operation_id="collection_update", tags=TAGS, request=CollectionIn, responses=CollectionOut)
    def patch(self, request: Request, id: UUID) -> Response:
        """Change any subset of the fields; its owner only (404 for others)."""
        found = get_collection(request.user, id, is_owned=True)
        changes: dict[str, Any] = self.parse(CollectionIn, partial=True)
        changed = services.collection_update(actor=cast(User, request.user), collection=found, **changes)
        return Response(CollectionOut(shown_of(request.user, changed)).data)

    @extend_schema(operation_id="collection_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Delete it with its items; its owner only (404 for others). Copies of it stay."""
        found = get_collection(request.user, id, is_owned=True)
        services.collection_delete(actor=cast(User, request.user), collection=found)
        return Response(status=204)


class CollectionFork(View):
    access, scopes, limits = SignedIn, Scope.LISTS_WRITE, LIMITS
    also_answers = {"409": "`too_many_collections`: one may have 200"}

    @extend_schema(operation_id="collection_fork", tags=TAGS, request=CollectionForkIn, responses={201: CollectionOut})
    def post(self, request: Request, id: UUID) -> Response:
        """Copy a visible collection with groups and items: private, the caller's, `forked_from_id` the source."""
        source, title = get_collection(request.user, id), self.parse(CollectionForkIn).get("title")
        copy = services.collection_fork(actor=cast(User, request.user), collection=source, title=title)
        return Response(CollectionOut(shown_of(request.user, copy)).data, status=201)


class CollectionViews(View):
    access, scopes, limits = Public, Scope.LISTS_WRITE, {"POST": (VIEWS,)}

    @extend_schema(operation_id="collection_view", tags=TAGS, request=None, responses=CollectionViewedOut)
    def post(self, request: Request, id: UUID) -> Response:
        """Count a look, a stranger's too; looks in a row all count."""
        found = get_collection(request.user, id)
        return Response({"view_count": services.collection_view(viewer=request.user, collection=found)})


class CollectionFeatured(View):
    access, limits = Admin, LIMITS

    @extend_schema(operation_id="admin_collection_featured", tags=TAGS, request=FeaturedIn, responses=CollectionOut)
    def patch(self, request: Request, id: UUID) -> Response:
        """Pin a public collection to the top of browsing, or take the pin away; admins only."""
        found, wanted = get_collection(request.user, id), self.parse(FeaturedIn)
        found = services.featured_set(actor=cast(User, request.user), collection=found, **wanted)
        return Response(CollectionOut(shown_of(request.user, found)).data)
