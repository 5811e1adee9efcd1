"""How mails leave: shown on the console, written to a folder, by SMTP, or by a sending service; the environment decides."""

import os
from typing import Any
from urllib.parse import urlsplit

from config.settings.environment import PUBLIC_URL, env
from config.settings.site import SITE_NAME

_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 587, "smtp+ssl": 465}


def _by_url(url: str) -> dict[str, Any]:
    """Django's settings of `smtp+tls://user:password@host:587`."""
    found = dict(env.email_url_config(url))
    found["EMAIL_PORT"] = found["EMAIL_PORT"] or _PORTS.get(url.partition(":")[0], 25)
    return {name: value for name, value in found.items() if name.startswith("EMAIL_")}


EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if EMAIL_FILE_PATH := env.str("EMAIL_FILE_PATH", default=""):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
if _url := env.str("EMAIL_URL", default=""):
    globals().update(_by_url(_url))
# A sending service of django-anymail: EMAIL_BACKEND=anymail.backends.mailgun.EmailBackend and its ANYMAIL_* variables.
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="") or EMAIL_BACKEND
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")}

# Below the lease of a job (60 s), so that a server that hangs is not asked by two workers at once.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)  # seconds
_host = urlsplit(PUBLIC_URL).hostname or "localhost"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") or f"{SITE_NAME} <noreply@{_host}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
