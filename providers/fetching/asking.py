"""Reads pages of a provider: polite, paced, capped, remembered, counted; every failure with its own code."""

import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urljoin

from django.utils import timezone
from django.utils.translation import gettext as _

from core import egress
from providers.errors import ProviderBlocked, ProviderDisabled, ProviderError, TitleGone
from providers.fetching.blocked import block_reason
from providers.fetching.charsets import text_of
from providers.fetching.memory import page_confirm, page_recall, page_remember
from providers.fetching.outcomes import Request, request_counted
from providers.fetching.pages import Page
from providers.fetching.pauses import PAUSE_SECONDS, pause_forget, pause_left, pause_note
from providers.fetching.policies import policy_of
from providers.models import Provider, RememberedPage

_GONE = (404, 410)
_KEPT_OUT = (401, 403, 429, 503)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask_of(provider: Provider, *, is_trial: bool = False) -> "ProviderAsk":
    """The `Ask` of a provider. Raises `ProviderDisabled` when it is off.

    A trial is an operator's look: allowed when it is off or paused, and never answered from memory.
    """
    if not provider.is_enabled and not is_trial:
        raise ProviderDisabled()
    return ProviderAsk(provider, is_trial=is_trial)


class ProviderAsk:
    """`Ask` over HTTP. `last_page` is the page that was read last: what a parse error is about."""

    def __init__(self, provider: Provider, *, is_trial: bool) -> None:
        self._provider = provider
        self._is_trial = is_trial
        self.last_page: Page | None = None

    @property
    def provider(self) -> Provider:
        return self._provider

    @property
    def base_url(self) -> str:
        return self._provider.base_url.rstrip("/")

    @property
    def options(self) -> Mapping[str, Any]:
        options = self._provider.options
        return options if isinstance(options, dict) else {}

    def get(self, address: str) -> Page:
        """The page at an address ("" is the base address itself). Its host must be the provider's: `EgressRefused`.

        Raises `TitleGone` (404, 410), `ProviderBlocked`, `PageUnreadable` for what is no text, `ProviderError` for other
        statuses from 400 on, and every `EgressError`.
        """
        url = self._joined(address)
        kept = None if self._is_trial else page_recall(provider=self._provider, url=url)
        return self._asked(url, kept=kept)

    def post(self, address: str, form: Mapping[str, str]) -> Page:
        """The answer to a form, never remembered; errors as those of `get`."""
        return self._asked(self._joined(address), body=urlencode(form).encode())

    def _joined(self, address: str) -> str:
        if not address.strip():
            return self._provider.base_url
        try:
            return urljoin(f"{self.base_url}/", address.strip()).replace(" ", "%20")
        except ValueError as error:
            raise egress.EgressRefused(_("The address is not a valid URL.")) from error

    def _asked(self, url: str, *, kept: RememberedPage | None = None, body: bytes | None = None) -> Page:
        if not self._is_trial and (left := pause_left(self._provider.pk)):
            raise _blocked(left)
        try:
            with request_counted(self._provider, url, policy_of(self._provider)) as request:
                page = self._read(url, request, kept=kept, body=body)
        except ProviderBlocked:
            pause_note(self._provider.pk)
            raise
        if self._is_trial:
            pause_forget(self._provider.pk)
        self.last_page = page
        return page

    def _read(self, url: str, request: Request, *, kept: RememberedPage | None, body: bytes | None) -> Page:
        answer = self._answered(url, request, kept=kept, body=body)
        if answer.is_not_modified:
            if kept and (page := page_confirm(kept)):
                request.outcome = "unchanged"
                return page
            raise ProviderError(_("The provider says that nothing changed since we never asked."))
        content_type = answer.headers.get("Content-Type", "")
        text = text_of(answer.body, content_type)
        if block_reason(text, headers_say=answer.headers.get("cf-mitigated", "")):
            raise _blocked()
        page = Page(answer.url, text, timezone.now(), status=answer.status, content_type=content_type[:120])
        if body is None and not self._is_trial:
            page_remember(provider=self._provider, url=url, page=page, answer=answer)
        return page

    def _answered(
        self, url: str, request: Request, *, kept: RememberedPage | None, body: bytes | None
    ) -> egress.Response:
        try:
            answer = egress.fetch(
                url,
                policy=request.policy,
                method="GET" if body is None else "POST",
                headers={} if body is None else _FORM,
                body=body,
                etag=kept.etag if kept else "",
                last_modified=kept.last_modified if kept else "",
            )
        except egress.EgressError as error:
            if error.upstream_status in _KEPT_OUT:
                raise _blocked() from error
            raise
        if answer.status in _KEPT_OUT:
            raise _blocked()
        if answer.status in _GONE:
            raise TitleGone()
        if answer.status >= 400:
            raise ProviderError(_("The provider answers with an error (%d).") % answer.status)
        return answer


def _blocked(left: float | None = None) -> ProviderBlocked:
    """The error with the time after which it makes sense to ask again."""
    seconds = PAUSE_SECONDS if left is None else math.ceil(left)
    return ProviderBlocked(headers={"Retry-After": str(max(1, seconds))})
