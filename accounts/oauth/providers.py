"""Which providers are offered, where they are, and under which policy they are asked."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.oauth.errors import ProviderNotConfigured
from core.egress import Network, Policy, Rate
from core.errors import NotFound

if TYPE_CHECKING:
    from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider

NAMES = {"google": "Google", "discord": "Discord", "yandex": "Yandex", "shikimori": "Shikimori"}
# Hosts that our server asks; the browser alone visits the pages of consent.
HOSTS = {
    "google": ("oauth2.googleapis.com", "www.googleapis.com"),
    "discord": ("discord.com",),
    "yandex": ("oauth.yandex.ru", "login.yandex.ru"),
    "shikimori": ("shikimori.one",),
}
MAX_ANSWER = 256 * 1024  # bytes; a token and a profile are a few kilobytes

network = Network()
"""How providers are reached; only tests put another one here (`Policy.network`)."""


def offered() -> dict[str, str]:
    """Providers that have credentials: id → name, in one order everywhere."""
    return {provider: NAMES[provider] for provider in settings.OAUTH_PROVIDERS if provider in settings.OAUTH_CLIENTS}


def provider_check(provider: str) -> None:
    """Raises `NotFound` for what is no provider, `ProviderNotConfigured` for one without credentials."""
    if provider not in NAMES:
        raise NotFound()
    if provider not in settings.OAUTH_CLIENTS:
        raise ProviderNotConfigured()


def provider_get(request: HttpRequest, provider: str) -> "OAuth2Provider":
    """allauth's provider; raises like `provider_check`."""
    provider_check(provider)
    return get_adapter(request).get_provider(request, provider=provider)


def moved(provider: str, url: str) -> str:
    """The provider's address `url` where OAUTH_PROVIDER_BASE says that the provider is now."""
    base = settings.OAUTH_PROVIDER_BASE.get(provider)
    return base.rstrip("/") + urlsplit(url).path if base else url


def callback_url(request: HttpRequest, provider: str) -> str:
    """The redirect URI that is registered with the provider: on PUBLIC_URL where there is one."""
    path = reverse("auth-oauth-callback", args=[provider])
    return settings.PUBLIC_URL + path if settings.PUBLIC_URL else request.build_absolute_uri(path)


def policy() -> Policy:
    """What may be asked of providers that have credentials: their hosts alone, https, no redirects, small answers."""
    hosts, schemes, ports = set[str](), {"https"}, {443}
    for provider in offered():
        base = settings.OAUTH_PROVIDER_BASE.get(provider)
        if base is None:
            hosts.update(HOSTS[provider])
            continue
        parts = urlsplit(base)
        hosts.add(parts.hostname or "")
        schemes.add(parts.scheme)
        ports.add(parts.port or (443 if parts.scheme == "https" else 80))
    return Policy(
        hosts=tuple(sorted(hosts)),
        schemes=tuple(sorted(schemes)),
        ports=tuple(sorted(ports)),
        max_bytes=MAX_ANSWER,
        max_redirects=0,
        total_seconds=10.0,
        rates=(Rate(50, 1.0),),
        max_wait=2.0,
        network=network,
    )
