"""Signing in through Google, Discord, Yandex and Shikimori; linking and unlinking them."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import current_session
from accounts.api.serializers.oauth import BeginIn, LinkIn, LinkOut, ProvidersOut, TokenIn
from accounts.api.serializers.sign_in import ChallengeOut, SignedInOut
from accounts.api.signed_in import device_tokens, signed_in_or_challenged
from accounts.api.views.sign_in import Entrance
from accounts.models import User, UserSession
from accounts.oauth import deep_links, flows
from accounts.oauth.link_tokens import LINK_SECONDS, link_token_make
from accounts.oauth.providers import NAMES, offered, provider_check
from accounts.selectors.oauth import linked_accounts
from accounts.services.oauth import grant_redeem, oauth_unlink
from core.api.exceptions import domain_error
from core.api.permissions import Public, SignedIn
from core.api.views import View
from core.errors import NotFound
from core.throttles import Limit

BEGIN_LIMIT = Limit("oauth-begin", 60, 60)
CALLBACK_LIMIT = Limit("oauth-callback", 60, 60)
TOKEN_LIMIT = Limit("oauth-token", 60, 60)
LINK_LIMIT = Limit("oauth-link", 30, 3600)

_PROVIDER = OpenApiParameter("provider", str, OpenApiParameter.PATH, enum=list(NAMES))
_NO_STORE = {"Cache-Control": "no-store"}
_SENT_ON = {302: OpenApiResponse(description="On to the provider, the site or the app")}


class _FromBrowser(View):
    """What people's browsers are sent to: errors are pages for them, problem documents for the rest."""

    authentication_classes = ()
    access = Public

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        self.visitor = getattr(request, "user", AnonymousUser())  # the schema is made of requests that have none
        return super().initialize_request(request, *args, **kwargs)

    def page_request(self) -> HttpRequest:
        """Django's request with whom the site's session says it is; REST framework has made them nobody."""
        request = self.request._request
        request.user = self.visitor
        return request

    def handle_exception(self, exc: Exception) -> Response:
        error = domain_error(exc)
        if error is None or "text/html" not in self.request.headers.get("Accept", ""):
            return super().handle_exception(exc)
        page = self.page("socialaccount/refused.html", {"error": error}, status=error.status)
        for name, value in error.headers.items():
            page[name] = value
        return cast(Response, page)

    def page(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        page = render(self.page_request(), template, context, status=status)
        page["Cache-Control"] = "no-store"
        return page


class Begin(_FromBrowser):
    limits = {"GET": (BEGIN_LIMIT,)}
    query = frozenset(BeginIn().fields)
    also_answers = {"409": "Already linked"}

    @extend_schema(
        operation_id="auth_oauth_begin",
        tags=["Authentication"],
        parameters=[_PROVIDER, BeginIn],
        responses={
            200: OpenApiResponse(description="A page that asks, when another site sent the browser"),
            **_SENT_ON,
        },
        auth=[],
    )
    def get(self, request: Request, provider: str) -> HttpResponse:
        """Redirects to the provider (shikimori, google, yandex, discord); it comes back to the callback.

        With `mobile_redirect` (its scheme is one that the operator allows, `anilay` by default; else 400
        `redirect_not_allowed`) and `code_challenge` (else 400 `pkce_required`) the app gets `?code=…` in its deep link and
        exchanges it at `POST /auth/oauth/token`. 404 `provider_not_configured` when the operator has set up no
        credentials. A browser that another site sent here is asked first (200, a page).
        """
        provider_check(provider)
        if flows.is_sent_from_elsewhere(request._request):
            return self.page("socialaccount/begin_confirm.html", {"provider": NAMES[provider]})
        given = {name: str(value) for name, value in request.query_params.items()}
        if given.get("mobile_redirect") == "":
            deep_links.redirect_check("")
        response = flows.oauth_begin(
            self.page_request(),
            provider,
            next_url=given.get("next", ""),
            mobile_redirect=given.get("mobile_redirect", ""),
            code_challenge=given.get("code_challenge", ""),
            code_challenge_method=given.get("code_challenge_method", ""),
            link_token=given.get("link", ""),
        )
        response["Cache-Control"] = "no-store"
        return response


class Callback(_FromBrowser):
    limits = {"GET": (CALLBACK_LIMIT,)}
    also_answers = {"409": "Address in use, or linked elsewhere", "502": "The provider failed"}

    @extend_schema(
        operation_id="auth_oauth_callback",
        tags=["Authentication"],
        parameters=[_PROVIDER],
        responses=_SENT_ON,
        auth=[],
    )
    def get(self, request: Request, provider: str) -> HttpResponse:
        """The redirect URI to register with the provider: exchanges its code, then signs in, makes or links the account.

        The `state` has to be the one of this browser, used once, within ten minutes: else 400 `oauth_state_invalid`.
        """
        response = flows.oauth_callback(self.page_request(), provider)
        response["Cache-Control"] = "no-store"
        return response


class Token(Entrance):
    limits = {"POST": (TOKEN_LIMIT,)}

    @extend_schema(
        operation_id="auth_oauth_token",
        tags=["Authentication"],
        request=TokenIn,
        responses=PolymorphicProxySerializer(
            "OAuthTokenOut", [SignedInOut, ChallengeOut], resource_type_field_name=None
        ),
    )
    def post(self, request: Request) -> Response:
        """Exchange the code of a deep link for what login answers: a token pair, or the challenge of two-factor sign-in.

        The code works once, for 60 seconds, with the verifier of the challenge that began it: else 400 `invalid_grant`.
        The answer is that of a mobile client unless `client` says otherwise.
        """
        data = self.parse(TokenIn)
        user = grant_redeem(code=data["code"], code_verifier=data["code_verifier"])
        tokens = device_tokens(request, data.get("device_token", ""))
        return signed_in_or_challenged(request, user, client=data.get("client", "mobile"), tokens=tokens)


class Link(View):
    access = SignedIn
    limits = {"POST": (LINK_LIMIT,), "DELETE": (LINK_LIMIT,)}
    also_answers = {"409": "The last way in"}

    @extend_schema(
        operation_id="auth_oauth_link",
        tags=["Authentication"],
        parameters=[_PROVIDER],
        request=LinkIn,
        responses=LinkOut,
    )
    def post(self, request: Request, provider: str) -> Response:
        """Begin to link a provider's account: open `authorize_url` in a browser within 15 minutes.

        It links to whoever asked, and only while their sign-in lives. A browser that is signed in as somebody else is
        refused (403 `other_account_signed_in`); one that is signed in as nobody shows whose account it is and asks.
        """
        provider_check(provider)
        target = self.parse(LinkIn)["mobile_redirect"]
        if target:
            deep_links.redirect_check(target)
        session = cast(UserSession, current_session(request))
        token = link_token_make(session=session, provider=provider, mobile_redirect=target)
        path = f"{reverse('auth-oauth', args=[provider])}?link={token}"
        url = settings.PUBLIC_URL + path if settings.PUBLIC_URL else request.build_absolute_uri(path)
        return Response(LinkOut({"authorize_url": url, "expires_in": LINK_SECONDS}).data, headers=_NO_STORE)

    @extend_schema(
        operation_id="auth_oauth_unlink", tags=["Authentication"], parameters=[_PROVIDER], responses={204: None}
    )
    def delete(self, request: Request, provider: str) -> Response:
        """Unlink a provider's account. 404 when none is linked, 409 `last_way_in` when nothing else would let you in."""
        if provider not in NAMES:
            raise NotFound()
        oauth_unlink(user=cast(User, request.user), provider=provider)
        return Response(status=204)


class Providers(View):
    access = SignedIn
    query = frozenset()

    @extend_schema(operation_id="auth_oauth_providers", tags=["Authentication"], responses=ProvidersOut)
    def get(self, request: Request) -> Response:
        """What is linked to the account, and which providers this site offers."""
        body: dict[str, Any] = {
            "linked": linked_accounts(cast(User, request.user)),
            "available": [{"provider": provider, "name": name} for provider, name in offered().items()],
        }
        return Response(ProvidersOut(body).data, headers={"Cache-Control": "private, no-store"})
