"""What Shikimori tells of a person: `GET /api/users/whoami` → id, nickname."""

from typing import Any

from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider

from accounts.oauth.adapting import KeepsNames
from accounts.oauth.shikimori.views import ShikimoriAdapter


class _Shikimori(OAuth2Provider):
    id = "shikimori"
    name = "Shikimori"
    account_class = ProviderAccount
    oauth2_adapter_class = ShikimoriAdapter

    def get_default_scope(self) -> list[str]:
        """Who somebody is needs no scope there."""
        return []

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["id"])


class ShikimoriProvider(KeepsNames, _Shikimori):
    def shown_name(self, data: dict[str, Any]) -> Any:
        return data.get("nickname")

    def nickname(self, data: dict[str, Any]) -> Any:
        return data.get("nickname")


provider_classes = [ShikimoriProvider]
