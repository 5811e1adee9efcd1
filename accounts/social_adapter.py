"""How allauth's sign-in through other sites uses our accounts, our settings and our one door to the outside."""

from typing import Any

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.http import HttpRequest

from accounts.oauth import flows
from accounts.oauth.errors import OAuthStateInvalid, ProviderFailed, SignInRefusedThere
from accounts.oauth.providers import offered, policy
from core.egress.requests_transport import egress_session
from core.errors import DomainError

log = structlog.get_logger(__name__)


class SocialAdapter(DefaultSocialAccountAdapter):
    """Applications come from the environment alone; accounts are made and linked by `accounts.services.oauth`."""

    def get_requests_session(self) -> Any:
        return egress_session(policy())

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        found = []
        for name, label in offered().items():
            known_id, secret = settings.OAUTH_CLIENTS[name]
            if provider in (None, name) and client_id in (None, known_id):
                found.append(SocialApp(provider=name, name=label, client_id=known_id, secret=secret))
        return found

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """Nothing of what the provider tells becomes part of the account by itself."""
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        try:
            response = flows.identified(request, sociallogin)
        except DomainError as error:
            response = flows.refused(sociallogin.state, error)
        if response is not None:
            raise ImmediateHttpResponse(response)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Nobody was identified. Raises our error, or answers the app that began it."""
        state = (extra_context or {}).get("state")
        if state is None:
            raise OAuthStateInvalid()
        log.info("oauth_failed", provider=provider.id, reason=str(error or ""), exception=type(exception).__name__)
        failure = SignInRefusedThere() if error == AuthError.CANCELLED else ProviderFailed()
        raise ImmediateHttpResponse(flows.refused(state, failure))
