"""Fetches covers, from whichever public host they lie on."""

from dataclasses import replace

from django.utils.translation import gettext as _

from core import egress
from providers.errors import PageUnreadable, ProviderBlocked, ProviderError
from providers.fetching.outcomes import request_counted
from providers.fetching.policies import policy_of
from providers.models import Provider

MAX_BYTES = 5 * 1024 * 1024
_RATE = egress.Rate(4, 1.0)
_MAYBE_PICTURES = ("image/", "application/octet-stream", "binary/octet-stream")


def picture_fetch(provider: Provider, url: str) -> bytes:
    """The bytes of a picture that a provider's page names: any public host, at most 5 MiB, not looked into.

    Raises `ProviderBlocked` (401, 403), `ProviderError` (other statuses but 200), `PageUnreadable` for an answer that says
    it is something else or is empty, and every `EgressError`.
    """
    policy = replace(policy_of(provider, hosts=(egress.ANY_PUBLIC_HOST,)), max_bytes=MAX_BYTES, rates=(_RATE,))
    with request_counted(provider, url, policy) as request:
        answer = egress.fetch(url, policy=request.policy)
        if answer.status in (401, 403):
            raise ProviderBlocked()
        if answer.status != 200:
            raise ProviderError(_("There is no picture (%d).") % answer.status)
        kind = answer.headers.get("Content-Type", "").strip().lower()
        if not answer.body or (kind and not kind.startswith(_MAYBE_PICTURES)):
            raise PageUnreadable(_("The answer is no picture."))
    return answer.body
