"""Changing one's own profile, preferences, privacy and picture."""

from typing import Any, ClassVar, cast

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers.profiles import AvatarIn, MeOut, ProfileIn
from accounts.models import User
from accounts.services.avatars import AVATAR_MAX_BYTES, avatar_prepare, avatar_remove, avatar_set
from accounts.services.profiles import profile_update, setup_complete
from core.api.parsers import JSONParser
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.errors import PayloadTooLarge
from core.throttles import Limit, throttle_check, throttle_key

PROFILE_LIMIT = Limit("users-me-update", 60, 60)
AVATAR_LIMIT = Limit("users-me-avatar", 20, 3600)
ENVELOPE = 256 * 1024  # bytes of a form around its picture
PRIVATE = {"Cache-Control": "private, no-store"}


class _Mine(View):
    """A body with at most one picture: a larger one is refused before it is read."""

    access = SignedIn
    parser_classes: ClassVar[Any] = (JSONParser, MultiPartParser)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if int(request.META.get("CONTENT_LENGTH") or 0) > AVATAR_MAX_BYTES + ENVELOPE:
            raise PayloadTooLarge()
        super().initial(request, *args, **kwargs)

    def check_throttles(self, request: Request) -> None:
        super().check_throttles(request)
        if (request.content_type or "").startswith("multipart/"):
            throttle_check(AVATAR_LIMIT, throttle_key(AVATAR_LIMIT, request))


class Me(_Mine):
    scopes = Scope.PROFILE_WRITE
    limits = {"PATCH": (PROFILE_LIMIT,)}
    also_answers = {"400": "Malformed request, or not a picture (`image_unreadable`, `image_too_large`)"}

    @extend_schema(
        operation_id="users_me_update",
        tags=["Users"],
        request={"application/json": ProfileIn, "multipart/form-data": ProfileIn},
        responses=MeOut,
    )
    def patch(self, request: Request) -> Response:
        """Change one's profile; all fields are optional, unknown ones change nothing.

        A new username can be taken once in 14 days. Adult titles need a date of birth at least 18 years ago.
        """
        user = profile_update(user=cast(User, request.user), **self.parse(ProfileIn, partial=True))
        return Response(MeOut(user).data, headers=PRIVATE)


class CompleteSetup(_Mine):
    limits = {"POST": (PROFILE_LIMIT,)}
    also_answers = {"409": "`setup_completed`: the onboarding runs once"}

    @extend_schema(
        operation_id="users_me_complete_setup",
        tags=["Users"],
        request={"application/json": ProfileIn, "multipart/form-data": ProfileIn},
        responses=MeOut,
    )
    def post(self, request: Request) -> Response:
        """Complete the first-login onboarding: pick a username, names, picture, preferences, privacy; once."""
        user = setup_complete(user=cast(User, request.user), **self.parse(ProfileIn, partial=True))
        return Response(MeOut(user).data, headers=PRIVATE)


class Avatar(_Mine):
    scopes = Scope.PROFILE_WRITE
    also_answers = {"400": "Not a picture (`image_unreadable`), or one with too many pixels (`image_too_large`)"}

    @extend_schema(
        operation_id="users_me_avatar_set", tags=["Users"], request={"multipart/form-data": AvatarIn}, responses=MeOut
    )
    def put(self, request: Request) -> Response:
        """Set one's picture: JPEG, PNG, WebP, AVIF or GIF (its first frame), told by content; 413 past 5 MB."""
        user = cast(User, request.user)
        data = avatar_prepare(user=user, file=self.parse(AvatarIn)["avatar"])
        return Response(MeOut(avatar_set(user=user, data=data)).data, headers=PRIVATE)

    @extend_schema(operation_id="users_me_avatar_delete", tags=["Users"], responses={204: None})
    def delete(self, request: Request) -> Response:
        """Take one's picture away."""
        avatar_remove(user=cast(User, request.user))
        return Response(status=204)
