"""Keeps the pages that adapters could not read, so that people can look at what changed."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.utils.translation import gettext as _

from core.egress.errors import EgressRefused
from core.egress.urls import url_read
from core.errors import DomainError
from providers.errors import PageUnreadable
from providers.fetching.asking import ProviderAsk
from providers.fetching.counting import host_count
from providers.models import PageFailure, Provider

log = structlog.get_logger(__name__)

MAX_PAGE_BYTES = 512 * 1024
TRIPS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What garbage can make an adapter's code raise past its own checks."""
KEPT = 5
"""How many pages of a provider are kept for one question, the newest."""


def page_failure_keep(
    *, provider: Provider, question: str, url: str, text: str, error_code: str, detail: str = ""
) -> PageFailure:
    """Keep the first 512 KiB of a page that could not be read; older ones of the same question go."""
    body = text.encode()
    row = PageFailure.objects.create(
        provider=provider,
        question=question[:12],
        url=url[:1000],
        error_code=error_code[:60],
        detail=detail[:500],
        body=gzip.compress(body[:MAX_PAGE_BYTES], 6, mtime=0),
        size=len(body),
    )
    of_question = PageFailure.objects.filter(provider=provider, question=row.question).order_by("-at", "-id")
    PageFailure.objects.filter(pk__in=list(of_question.values_list("pk", flat=True)[KEPT:])).delete()
    return row


def failure_text(failure: PageFailure) -> str:
    """The kept part of a page; "" when nothing was kept."""
    return gzip.decompress(bytes(failure.body)).decode("utf-8", "replace") if failure.body else ""


@contextmanager
def failures_kept(ask: ProviderAsk, question: str) -> Iterator[None]:
    """Around an adapter's answer: when it cannot read the page that it asked for, the page is kept and counted.

    Garbage that trips an adapter's code (not its own checks) is `PageUnreadable` as well.
    """
    ask.last_page = None
    try:
        yield
    except PageUnreadable as error:
        _kept(ask, question, error)
        raise
    except TRIPS as error:
        log.exception("adapter_tripped", provider=ask.provider.name, question=question)
        unreadable = PageUnreadable(_("The page tripped the adapter: %s") % type(error).__name__)
        _kept(ask, question, unreadable)
        raise unreadable from error


def _kept(ask: ProviderAsk, question: str, error: DomainError) -> None:
    page = ask.last_page
    page_failure_keep(
        provider=ask.provider,
        question=question,
        url=page.url if page else ask.base_url,
        text=page.text if page else "",
        error_code=error.code,
        detail=str(error.detail),
    )
    try:
        host = url_read(page.url).authority if page else ""
    except EgressRefused:
        return
    if host:
        host_count(ask.provider.pk, host, outcome="unread", milliseconds=0)
