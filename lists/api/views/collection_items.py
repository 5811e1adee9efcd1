"""`/collections/{id}/items` and `/groups`: what is in a collection."""

from typing import cast
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from lists.access_collections import get_collection, get_group, get_item
from lists.api.serializers.collection_items import CollectionItemsIn
from lists.api.serializers.collections import (
    CollectionGroupIn,
    CollectionGroupOut,
    CollectionItemChangeIn,
    CollectionItemOut,
    CollectionItemsAddedOut,
)
from lists.api.views.collections import BOTH, LIMITS, OFFSET, SCOPES, TAGS, stretch_of
from lists.selectors.collections import ItemShown, collection_groups, collection_items
from lists.services import collection_groups as group_services
from lists.services import collection_items as services

LOCKED = {"409": "`challenge_locked`: what is in a challenge is changed by the administrators only"}


class CollectionItems(View):
    access, scopes, limits = BOTH, SCOPES, LIMITS
    query = frozenset({"limit", "offset"})
    also_answers = {"409": "`too_many_items` (2,000 a collection), `challenge_locked`"}

    @extend_schema(
        operation_id="collection_items_list",
        tags=TAGS,
        parameters=[OpenApiParameter("limit", int, description="At most 2,000: all of them unless said."), OFFSET],
        responses=CollectionItemOut(many=True),
    )
    def get(self, request: Request, id: UUID) -> Response:
        """Its items by position; an array."""
        found = get_collection(request.user, id)
        stretch = stretch_of(request.query_params, default=services.ITEMS_LIMIT, highest=services.ITEMS_LIMIT)
        return Response(CollectionItemOut(collection_items(request.user, found, cards=True, **stretch), many=True).data)

    @extend_schema(
        operation_id="collection_items_add",
        tags=TAGS,
        request=CollectionItemsIn,
        responses={201: CollectionItemsAddedOut},
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Add anime at the end, at most 500 at once; those that are there already are skipped. Its owner only."""
        found, data = get_collection(request.user, id, is_owned=True), self.parse(CollectionItemsIn)
        drafts = [item["draft"] for item in data["items"]]
        added = services.items_add(
            actor=cast(User, request.user), collection=found, drafts=drafts, group_id=data.get("group_id")
        )
        return Response(CollectionItemsAddedOut(added).data, status=201)


class CollectionItem(View):
    access, scopes, limits, also_answers = SignedIn, Scope.LISTS_WRITE, LIMITS, LOCKED

    @extend_schema(
        operation_id="collection_item_update", tags=TAGS, request=CollectionItemChangeIn, responses=CollectionItemOut
    )
    def patch(self, request: Request, id: UUID, item_id: UUID) -> Response:
        """Change its group (null: none), place or note; the others close up. Its owner only."""
        item, data = get_item(cast(User, request.user), item_id, collection_id=id), self.parse(CollectionItemChangeIn)
        item = services.item_update(actor=cast(User, request.user), item=item, **data)
        return Response(CollectionItemOut(ItemShown(item, None)).data)

    @extend_schema(operation_id="collection_item_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID, item_id: UUID) -> Response:
        """Take an item out; its owner only."""
        item = get_item(cast(User, request.user), item_id, collection_id=id)
        services.item_remove(actor=cast(User, request.user), item=item)
        return Response(status=204)


class CollectionItemAlone(View):
    access, scopes, limits, also_answers = SignedIn, Scope.LISTS_WRITE, LIMITS, LOCKED

    @extend_schema(operation_id="collection_item_delete_alone", tags=TAGS, responses={204: None})
    def delete(self, request: Request, item_id: UUID) -> Response:
        """Take an item out without naming its collection; the collection's owner only."""
        item = get_item(cast(User, request.user), item_id)
        services.item_remove(actor=cast(User, request.user), item=item)
        return Response(status=204)


class CollectionGroups(View):
    access, scopes, limits, query = BOTH, SCOPES, LIMITS, frozenset()
    also_answers = {"409": "`too_many_groups`: a collection may have 100"}

    @extend_schema(operation_id="collection_groups_list", tags=TAGS, responses=CollectionGroupOut(many=True))
    def get(self, request: Request, id: UUID) -> Response:
        """Its groups by `sort_order`; an array, empty when there are none."""
        return Response(CollectionGroupOut(collection_groups(get_collection(request.user, id)), many=True).data)

    @extend_schema(
        operation_id="collection_group_create",
        tags=TAGS,
        request=CollectionGroupIn,
        responses={201: CollectionGroupOut},
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Make a group; with `tier_label` (at most 4 characters) a row of a tier list. Its owner only."""
        found = get_collection(request.user, id, is_owned=True)
        group = group_services.group_create(
            actor=cast(User, request.user), collection=found, **self.parse(CollectionGroupIn)
        )
        return Response(CollectionGroupOut(group).data, status=201)


class CollectionGroup(View):
    access, scopes, limits = SignedIn, Scope.LISTS_WRITE, LIMITS

    @extend_schema(
        operation_id="collection_group_update", tags=TAGS, request=CollectionGroupIn, responses=CollectionGroupOut
    )
    def patch(self, request: Request, id: UUID, group_id: UUID) -> Response:
        """Change any subset; `tier_label: null` makes it an ordinary section. Its owner only."""
        group = get_group(cast(User, request.user), group_id, collection_id=id)
        changes = self.parse(CollectionGroupIn, partial=True)
        group = group_services.group_update(actor=cast(User, request.user), group=group, **changes)
        return Response(CollectionGroupOut(group).data)

    @extend_schema(operation_id="collection_group_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, id: UUID, group_id: UUID) -> Response:
        """Delete a group; its items stay, without one. Its owner only."""
        group = get_group(cast(User, request.user), group_id, collection_id=id)
        group_services.group_delete(actor=cast(User, request.user), group=group)
        return Response(status=204)
