"""`/devices`: where push messages go. API keys never reach these routes: they name no scope."""

import uuid
from typing import Any, cast

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import push_web
from accounts.api.serializers.devices import DeviceIn, DeviceOut, VapidKeyOut
from accounts.devices import device_of
from accounts.models import User
from accounts.services.devices import Registered, device_remove, expo_register, web_register
from core.api.permissions import SignedIn
from core.api.views import View
from core.throttles import Limit

REGISTER_LIMIT = Limit("devices-register", 60, 3600)


def _registered(user: User, data: dict[str, Any], user_agent: str) -> Registered:
    if "token" in data:
        return expo_register(
            user=user, token=data["token"], platform=data.get("platform", ""), name=data["name"].strip()
        )
    given = data["subscription"]
    subscription = push_web.subscription_check(endpoint=given["endpoint"], **given["keys"])
    return web_register(
        user=user, subscription=subscription, name=data["name"].strip() or str(device_of(user_agent).name)
    )


class RegisterDevice(View):
    access = SignedIn
    limits = {"POST": (REGISTER_LIMIT,)}

    @extend_schema(
        operation_id="devices_register",
        tags=["Mobile devices"],
        request=DeviceIn,
        responses={
            200: OpenApiResponse(DeviceOut, description="It was known: refreshed, and the caller's from now on."),
            201: OpenApiResponse(DeviceOut, description="It is new."),
        },
    )
    def post(self, request: Request) -> Response:
        """Register or refresh an Expo push token, or a browser's subscription.

        Call on login and whenever the OS issues a new token. The same address again keeps its id; one that somebody else
        registered moves to the caller. Of more than 20 devices the oldest go.
        """
        found = _registered(cast(User, request.user), self.parse(DeviceIn), request.headers.get("User-Agent", ""))
        return Response(DeviceOut(found.device).data, status=201 if found.is_new else 200)


class Device(View):
    access = SignedIn

    @extend_schema(operation_id="devices_remove", tags=["Mobile devices"], request=None, responses={204: None})
    def delete(self, request: Request, id: uuid.UUID) -> Response:
        """Unregister a device of the caller, for example at sign-out; 404 for another's."""
        device_remove(user=cast(User, request.user), device_id=id)
        return Response(status=204)


class VapidKey(View):
    access = SignedIn
    query = frozenset()

    @extend_schema(operation_id="devices_vapid_key", tags=["Mobile devices"], responses=VapidKeyOut)
    def get(self, request: Request) -> Response:
        """The public key with which browsers subscribe to push messages of this site."""
        return Response({"public_key": push_web.public_key()})
