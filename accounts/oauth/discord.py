"""Discord: allauth's provider with our addresses."""

from typing import Any

from allauth.socialaccount.providers.discord.provider import DiscordProvider as AllauthDiscord
from allauth.socialaccount.providers.discord.views import DiscordOAuth2Adapter

from accounts.oauth.adapting import KeepsNames, OurAddresses


class DiscordAdapter(OurAddresses, DiscordOAuth2Adapter):
    pass


class DiscordProvider(KeepsNames, AllauthDiscord):
    oauth2_adapter_class = DiscordAdapter

    def shown_name(self, data: dict[str, Any]) -> Any:
        return data.get("global_name") or data.get("username")

    def nickname(self, data: dict[str, Any]) -> Any:
        return data.get("username")
