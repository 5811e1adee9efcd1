"""Google: allauth's provider with our addresses."""

from typing import Any

from allauth.socialaccount.providers.google.provider import GoogleProvider as AllauthGoogle
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter

from accounts.oauth.adapting import KeepsNames, OurAddresses


class GoogleAdapter(OurAddresses, GoogleOAuth2Adapter):
    """The id_token comes straight from Google's token endpoint over TLS; issuer, audience and expiry are checked."""


class GoogleProvider(KeepsNames, AllauthGoogle):
    oauth2_adapter_class = GoogleAdapter

    def shown_name(self, data: dict[str, Any]) -> Any:
        return data.get("email") or data.get("name")
