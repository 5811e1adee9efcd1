"""Signing in through other sites: which, with which credentials (environment only), and how apps get their answer."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import env
from config.settings.security import EGRESS_USER_AGENT

OAUTH_PROVIDERS = ("google", "discord", "yandex", "shikimori")
# A provider without both is not offered.
OAUTH_CLIENTS = {
    name: (client_id, secret)
    for name in OAUTH_PROVIDERS
    if (client_id := env.str(f"OAUTH_{name.upper()}_CLIENT_ID", default="").strip())
    and (secret := env.str(f"OAUTH_{name.upper()}_CLIENT_SECRET", default="").strip())
}
# A provider that moved, or a stand-in: `shikimori=https://shikimori.io`. Paths stay as they are.
OAUTH_PROVIDER_BASE: dict[str, str] = env.dict("OAUTH_PROVIDER_BASE", default={})
# Shikimori wants to read the name of the application as it was registered there.
OAUTH_SHIKIMORI_USER_AGENT = env.str("OAUTH_SHIKIMORI_USER_AGENT", default=EGRESS_USER_AGENT)

# Schemes of the deep links that apps may be answered at.
OAUTH_MOBILE_SCHEMES = env.list("OAUTH_MOBILE_SCHEMES", default=["anilay"])
# Legacy: tokens in the deep link's address, as the reference has it; off, apps exchange a code with PKCE (threat 29).
OAUTH_TOKENS_IN_URL = env.bool("OAUTH_TOKENS_IN_URL", default=False)

_NO_APP = {"http", "https", "javascript", "data", "file", "vbscript", "blob", "about", "ftp", "ws", "wss", "filesystem"}
for _scheme in OAUTH_MOBILE_SCHEMES:
    if _scheme in _NO_APP or not re.fullmatch(r"[a-z][a-z0-9+.-]*", _scheme):
        raise ImproperlyConfigured(
            f"OAUTH_MOBILE_SCHEMES: {_scheme!r} is not the scheme of an app (lower case, no ://)"
        )
for _name, _base in OAUTH_PROVIDER_BASE.items():
    _parts = urlsplit(_base)
    _is_safe = _parts.scheme == "https" or (_parts.scheme == "http" and _parts.hostname == "127.0.0.1")
    if _name not in OAUTH_PROVIDERS or not _is_safe or not _parts.hostname or _parts.query or _parts.fragment:
        raise ImproperlyConfigured(f"OAUTH_PROVIDER_BASE: {_name}={_base} is not a provider and its https address")

SOCIALACCOUNT_ADAPTER = "accounts.social_adapter.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # our own codes prove addresses
SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_PROVIDERS = {
    "google": {"provider_class": "accounts.oauth.google.GoogleProvider", "OAUTH_PKCE_ENABLED": True},
    "discord": {"provider_class": "accounts.oauth.discord.DiscordProvider", "OAUTH_PKCE_ENABLED": True},
    "yandex": {"provider_class": "accounts.oauth.yandex.YandexProvider", "OAUTH_PKCE_ENABLED": True},
    "shikimori": {"OAUTH_PKCE_ENABLED": True},
}
