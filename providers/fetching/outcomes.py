"""What came of a request to a provider, as its counts and its pause tell it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import structlog
from django.utils.translation import gettext_lazy as _

from core import egress
from core.egress.urls import url_read
from providers.errors import PageUnreadable, ProviderBlocked, TitleGone
from providers.fetching.counting import Outcome, host_count
from providers.fetching.network import TimedNetwork
from providers.models import Provider

_PRIVATE = _("The host does not lead to a public address.")
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Request:
    """One request under way, to be made under `policy`. `outcome` is what it counts as unless an error says otherwise."""

    policy: egress.Policy
    outcome: Outcome = "ok"


@contextmanager
def request_counted(provider: Provider, url: str, policy: egress.Policy) -> Iterator[Request]:
    """Count the request that the block makes and reads, by the host of `url` (with its port); errors pass.

    What our own rules kept from being sent is not counted, and is `EgressRefused` also where the refusal met the question
    for robots.txt first.
    """
    target = url_read(url)
    host = target.authority
    clock = TimedNetwork(policy.network)
    if target.is_literal and not clock.address_allowed(target.host):
        raise egress.EgressRefused(_PRIVATE)
    request = Request(replace(policy, network=clock))
    try:
        yield request
    except Exception as error:
        if isinstance(error, egress.EgressRobots) and clock.has_refused:
            raise egress.EgressRefused(_PRIVATE) from error
        outcomes = _outcomes_of(error)
        log.info("provider_failed", provider=provider.name, host=host, code=getattr(error, "code", ""), counts=outcomes)
        for outcome in outcomes:
            host_count(provider.pk, host, outcome=outcome, milliseconds=clock.milliseconds)
        raise
    host_count(provider.pk, host, outcome=request.outcome, milliseconds=clock.milliseconds)


def is_unsent(error: Exception) -> bool:
    """Whether nobody was asked: our own rules forbade it, or the circuit breaker is open."""
    if isinstance(error, egress.EgressUnavailable):
        return error.upstream_status is None and error.retry_after is not None
    return isinstance(error, egress.EgressRefused)


def _outcomes_of(error: Exception) -> tuple[Outcome, ...]:
    if isinstance(error, TitleGone):
        return ("ok",)  # a plain answer to a plain question
    if isinstance(error, PageUnreadable):
        return ("ok", "unread")
    if isinstance(error, ProviderBlocked | egress.EgressRobots):
        return ("blocked",)
    if isinstance(error, egress.EgressPaced):
        return ("paced",)
    return () if is_unsent(error) else ("failed",)
