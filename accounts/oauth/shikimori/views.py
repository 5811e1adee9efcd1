"""The protocol with Shikimori: every request has to name the application in its User-Agent."""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

from accounts.oauth.adapting import OurAddresses


class _Shikimori(OAuth2Adapter):
    provider_id = "shikimori"
    authorize_url = "https://shikimori.one/oauth/authorize"
    access_token_url = "https://shikimori.one/oauth/token"  # noqa: S105
    profile_url = "https://shikimori.one/api/users/whoami"

    @property
    def headers(self) -> dict[str, str]:
        """Of the token request too (allauth hands them to its client)."""
        return {"User-Agent": settings.OAUTH_SHIKIMORI_USER_AGENT}

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        headers = {**self.headers, "Authorization": f"Bearer {token.token}"}
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.profile_url, headers=headers)
            answer.raise_for_status()
            data = answer.json()  # `null` for a token that is of nobody
        return self.get_provider().sociallogin_from_response(request, data)


class ShikimoriAdapter(OurAddresses, _Shikimori):
    pass
