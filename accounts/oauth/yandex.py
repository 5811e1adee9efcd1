"""Yandex: allauth's provider with our addresses, believing addresses of Yandex's own mail alone."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.yandex.provider import YandexProvider as AllauthYandex
from allauth.socialaccount.providers.yandex.views import YandexOAuth2Adapter

from accounts.oauth.adapting import KeepsNames, OurAddresses

OWN_MAIL = frozenset(
    {"yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "yandex.com.tr", "yandex.uz"}
)


class YandexAdapter(OurAddresses, YandexOAuth2Adapter):
    pass


class YandexProvider(KeepsNames, AllauthYandex):
    oauth2_adapter_class = YandexAdapter

    def shown_name(self, data: dict[str, Any]) -> Any:
        return data.get("login") or data.get("display_name")

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Yandex does not say whether it verified an address elsewhere; its own mailboxes it knows."""
        found = super().extract_email_addresses(data)
        for address in found:
            address.verified = address.email.rpartition("@")[2].lower() in OWN_MAIL
        return found
