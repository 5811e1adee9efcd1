"""Register, login, refresh, logout, me."""

from typing import Any, cast

from django.contrib.auth import logout
from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import refresh_cookie
from accounts.api.authentication import bearer_token
from accounts.api.origin import refuse_cross_site
from accounts.api.serializers.profiles import MeOut
from accounts.api.serializers.sign_in import ChallengeOut, LoginIn, RegisterIn, SignedInOut
from accounts.api.signed_in import device_tokens, signed_in_or_challenged, signed_in_respond, tokens_respond
from accounts.errors import InvalidToken
from accounts.models import User, UserSession
from accounts.services.sessions import session_end, session_end_by_token, session_refresh
from accounts.services.sign_in import credentials_check
from accounts.services.users import user_register
from core.api.permissions import Public
from core.api.permissions import SignedIn as SignedInOnly
from core.api.scopes import Scope
from core.api.views import View
from core.proxies import client_address
from core.throttles import Limit

REGISTER_LIMIT = Limit("auth-register", 20, 3600)
LOGIN_LIMIT = Limit("auth-login", 60, 60)
REFRESH_LIMIT = Limit("auth-refresh", 120, 60)

_ME = {
    "id": "0199d5a0-0000-7000-8000-000000000001",
    "username": "hoshino",
    "email": "hoshino@example.org",
    "display_name": "",
    "bio": "",
    "avatar": None,
    "role": "user",
    "is_verified": False,
    "birth_date": None,
    "created_at": "2026-01-01T12:00:00Z",
    "last_seen_at": "2026-01-02T12:00:00Z",
    "has_password": True,
    "two_factor_enabled": False,
    "setup_completed": False,
    "deletion_due_at": None,
    "preferences": {
        "title_language": "romaji",
        "shows_adult": False,
        "auto_play": True,
        "auto_next": True,
        "auto_skip_opening": False,
        "auto_skip_ending": False,
        "default_language": "ja",
        "shows_comments": True,
    },
    "privacy": {
        "profile_visibility": "everyone",
        "activity_visibility": "nobody",
        "online_status_visibility": "friends",
    },
}
_TOKENS = {"access_token": "eyJhbGciOiJIUzI1NiJ9…", "token_type": "Bearer", "expires_in": 900, "user": _ME}
_WEB = OpenApiExample("A web client", value=_TOKENS, response_only=True)
_MOBILE = OpenApiExample(
    "A mobile client", value={**_TOKENS, "refresh_token": "hrt_…", "device_token": "hdt_…"}, response_only=True
)
_CHALLENGE = OpenApiExample(
    "Two-factor sign-in is on",
    value={"requires_2fa": True, "challenge_token": "hct_…", "expires_in": 300},
    response_only=True,
)


class Entrance(View):
    """An endpoint for people who are not signed in yet; credentials that come along are not looked at."""

    authentication_classes = ()
    access = Public
    also_answers = {"401": "Not right, or no longer valid", "403": "Sent by another site, or suspended"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_cross_site(request)


class Register(Entrance):
    limits = {"POST": (REGISTER_LIMIT,)}

    @extend_schema(
        operation_id="auth_register",
        tags=["Authentication"],
        request=RegisterIn,
        responses={201: SignedInOut},
        examples=[_WEB, _MOBILE],
    )
    def post(self, request: Request) -> Response:
        """Register a new account and sign it in."""
        data = self.parse(RegisterIn)
        client, tokens = data.pop("client", None), device_tokens(request, data.pop("device_token", ""))
        return signed_in_respond(request, user_register(**data), client=client, tokens=tokens, status=201)


class Login(Entrance):
    limits = {"POST": (LOGIN_LIMIT,)}

    @extend_schema(
        operation_id="auth_login",
        tags=["Authentication"],
        request=LoginIn,
        responses=PolymorphicProxySerializer("LoginOut", [SignedInOut, ChallengeOut], resource_type_field_name=None),
        examples=[_WEB, _MOBILE, _CHALLENGE],
    )
    def post(self, request: Request) -> Response:
        """Sign in with an e-mail address or a username, and the password.

        With two-factor sign-in on, the answer is `requires_2fa` and a challenge for `POST /auth/2fa/verify-login`, and no
        token. 401 `invalid_credentials` for a wrong password and for an unknown account alike; 429
        `too_many_failed_sign_ins` after 10 failures in 15 minutes per address and per account (a device that signed in
        before is counted by itself).
        """
        data = self.parse(LoginIn)
        client, tokens = data.pop("client", None), device_tokens(request, data.pop("device_token", ""))
        user = credentials_check(**data, address=client_address(request), device_tokens=tokens)
        return signed_in_or_challenged(request, user, client=client, tokens=tokens)


class Refresh(Entrance):
    limits = {"POST": (REFRESH_LIMIT,)}

    @extend_schema(
        operation_id="auth_refresh",
        tags=["Authentication"],
        request=None,
        responses=SignedInOut,
        examples=[_WEB, _MOBILE],
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for a new token pair; the old one is spent.

        Web clients send it in the HttpOnly cookie. Mobile clients send `Authorization: Bearer <refresh_token>`: then the
        body has `refresh_token` and no cookie is set. A spent token that comes back ends the whole sign-in.
        """
        bearer = bearer_token(request)
        token = bearer or request.COOKIES.get(refresh_cookie.NAME)
        if not token:
            raise InvalidToken()
        signed_in = session_refresh(refresh_token=token, address=client_address(request))
        return tokens_respond(request, signed_in, client="mobile" if bearer else "web")


class Logout(View):
    access = SignedInOnly

    @extend_schema(operation_id="auth_logout", tags=["Authentication"], request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Invalidate the current session and refresh token; the access token dies at once."""
        token = request.COOKIES.get(refresh_cookie.NAME, "")
        if isinstance(request.auth, UserSession):
            session_end(session=request.auth, refresh_token=token)
        else:
            session_end_by_token(user=cast(User, request.user), refresh_token=token)
            logout(request)
        response = Response(status=204)
        refresh_cookie.cookie_clear(response)
        return response


class Me(View):
    scopes = Scope.PROFILE_READ
    access = SignedInOnly
    query = frozenset()

    @extend_schema(operation_id="auth_me", tags=["Authentication"], responses=MeOut)
    def get(self, request: Request) -> Response:
        """The whole profile of whoever is signed in."""
        return Response(MeOut(request.user).data, headers={"Cache-Control": "private, no-store"})
