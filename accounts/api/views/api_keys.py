"""`/developer/keys`: API keys of the caller. Keys never reach these routes (threat 30): they name no scope."""

import uuid
from typing import cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers.api_keys import ApiKeyIn, ApiKeyOut, NewApiKeyOut
from accounts.models import User
from accounts.selectors.api_keys import api_keys_of
from accounts.services.api_keys import api_key_create, api_key_revoke
from core.api.permissions import SignedIn
from core.api.views import View
from core.throttles import Limit

CREATE_LIMIT = Limit("developer-keys", 30, 3600)
_KEY = {
    "id": "0199d5a0-0000-7000-8000-000000000002",
    "name": "My tracker",
    "prefix": "hk_Ab3dEf7h",
    "masked": "hk_Ab3dEf7h…",
    "scopes": ["catalog:read", "lists:write"],
    "created_at": "2026-01-01T12:00:00Z",
    "expires_at": None,
    "last_used_at": None,
}
_NEW = OpenApiExample("A new key", value={**_KEY, "key": "hk_Ab3dEf7h…"}, response_only=True)


class ApiKeys(View):
    access = SignedIn
    query = frozenset()
    limits = {"POST": (CREATE_LIMIT,)}
    also_answers = {"409": "20 keys are there already"}

    @extend_schema(operation_id="developer_keys_list", tags=["Developer"], responses=ApiKeyOut(many=True))
    def get(self, request: Request) -> Response:
        """All keys of the caller, newest first, masked. A bare array: there are at most 20."""
        return Response(ApiKeyOut(api_keys_of(request.user.pk), many=True).data)

    @extend_schema(
        operation_id="developer_keys_create",
        tags=["Developer"],
        request=ApiKeyIn,
        responses={201: NewApiKeyOut},
        examples=[_NEW],
    )
    def post(self, request: Request) -> Response:
        """Make a key with at least one scope. `key` is in this answer only; send it as `X-API-Key`."""
        made = api_key_create(user=cast(User, request.user), **self.parse(ApiKeyIn))
        made.key.key = made.token  # type: ignore[attr-defined]
        return Response(NewApiKeyOut(made.key).data, status=201, headers={"Cache-Control": "no-store"})


class ApiKeyDetail(View):
    access = SignedIn

    @extend_schema(operation_id="developer_keys_revoke", tags=["Developer"], request=None, responses={204: None})
    def delete(self, request: Request, id: uuid.UUID) -> Response:
        """Revoke a key for good; 404 for another's."""
        api_key_revoke(user=cast(User, request.user), key_id=id)
        return Response(status=204)
