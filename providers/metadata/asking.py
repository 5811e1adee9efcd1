"""One question to a metadata service: paced by its published limits and the operator's, capped, counted."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from django.utils.translation import gettext as _

from core import egress
from core.egress import EgressBadAnswer, EgressError, EgressUnavailable, Network, Policy, Rate
from core.egress.urls import Target, url_read
from providers.errors import ProviderDisabled
from providers.fetching.failures import page_failure_keep
from providers.fetching.network import TimedNetwork, network
from providers.metadata.counts import answer_count, error_count
from providers.metadata.patience import patience
from providers.models import Provider, ProviderRole

MAX_BYTES = 4 * 1024 * 1024
# Requests travel for different times: so much longer than a service's span is ours, lest they arrive closer than they left.
TRAVEL_SECONDS = 0.25
ROOMY_SHARE = 2 / 3
"""What part of a service's slowest limit those take who leave room for others."""
_ANSWERS = (200, 304, 404)
# `BadRecord` and what is not JSON are ValueErrors; the others are garbage that a mapping did not foresee.
_TRIPS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, below the service's base address: a GET of `path` with `query`, or a POST of `json`.

    `kind` (anime, search, episodes) is what a page that makes no sense is kept under.
    """

    kind: str
    path: str
    query: Mapping[str, str | int] | None = None
    json: object = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `payload` is what was read out of the JSON of a 200, None for 304 and 404."""

    status: int
    payload: Any = None
    etag: str = ""
    last_modified: str = ""


def interval_own(rates: tuple[Rate, ...]) -> float:
    """Seconds between two requests that a service's shortest limit comes down to: 3 in a second are 0.334."""
    shortest = min((rate.seconds / rate.times for rate in rates), default=0.0)
    return max(0.1, math.ceil(1000 * shortest) / 1000)


def rates_of(provider: Provider, rates: tuple[Rate, ...]) -> tuple[Rate, ...]:
    """The service's own limits, held a little longer, and the row's interval where that is slower."""
    kept = tuple(Rate(rate.times, rate.seconds + TRAVEL_SECONDS) for rate in rates)
    interval = provider.interval_seconds
    return (*kept, Rate(1, interval)) if interval > interval_own(rates) else kept


def rates_roomy(rates: tuple[Rate, ...]) -> tuple[Rate, ...]:
    """The same, and an even pace within them for all who leave room: the minute's requests are not gone in its first seconds,
    so that a person who asks meanwhile finds a place.
    """
    slowest = max((rate.seconds / rate.times for rate in rates), default=0.0)
    return (*rates, Rate(1, round(slowest / ROOMY_SHARE, 3))) if slowest else rates


def provider_asked(name: str) -> Provider:
    """The row of a service; raises `ProviderDisabled` when it is off or gone."""
    provider = Provider.objects.filter(name=name, role=ProviderRole.METADATA, is_enabled=True).first()
    if provider is None:
        raise ProviderDisabled()
    return provider


def policy_made(provider: Provider, target: Target, reached: Network, *, rates: tuple[Rate, ...]) -> Policy:
    """The rules of one request, which may wait for its turn as long as `patience` allows and then has the row's time."""
    given = patience()
    allowed = rates_of(provider, rates)
    return Policy(
        hosts=(target.host,),
        ports=tuple({80, 443, target.port}),
        max_bytes=MAX_BYTES,
        total_seconds=provider.timeout_seconds,
        idle_seconds=min(10.0, provider.timeout_seconds),
        connect_seconds=min(5.0, provider.timeout_seconds),
        rates=rates_roomy(allowed) if given.leaves_room else allowed,
        max_wait=given.seconds,
        is_wait_counted=False,
        beat=given.beat,
        network=reached,
    )


def question_ask(
    question: Question,
    *,
    provider: Provider,
    rates: tuple[Rate, ...],
    read: Callable[[Any], Any],
    etag: str = "",
    last_modified: str = "",
) -> Answer:
    """The service's answer: 200, 304 (with conditions) or 404; anything else is an `EgressError`.

    Waits for its turn as long as `patience` allows. A 429 is an error at once: every process leaves the host alone until it
    says. `read` takes what is wanted out of the JSON; where it trips (`BadRecord`), the answer is kept for people to look
    at and `EgressBadAnswer` raised.
    """
    url = provider.base_url.rstrip("/") + question.path + (f"?{urlencode(question.query)}" if question.query else "")
    target = url_read(url)
    timed = TimedNetwork(network())
    is_post = question.json is not None
    try:
        response = egress.fetch(
            url,
            policy=policy_made(provider, target, timed, rates=rates),
            method="POST" if is_post else "GET",
            headers={"Accept": "application/json"} | ({"Content-Type": "application/json"} if is_post else {}),
            body=orjson.dumps(question.json) if is_post else None,
            etag=etag,
            last_modified=last_modified,
        )
        milliseconds = timed.milliseconds
        answer = _answer_read(question, provider, response, read)
    except EgressError as error:
        error_count(provider, target.authority, error, milliseconds=timed.milliseconds)
        raise
    answer_count(provider, target.authority, is_unchanged=response.is_not_modified, milliseconds=milliseconds)
    return answer


def _answer_read(
    question: Question, provider: Provider, response: egress.Response, read: Callable[[Any], Any]
) -> Answer:
    if response.status not in _ANSWERS:
        raise EgressUnavailable(_("The service does not answer this."), upstream_status=response.status)
    if response.status != 200:
        return Answer(response.status)
    try:
        found = read(_storable(orjson.loads(response.body), response.body))
    except _TRIPS as error:
        failure = EgressBadAnswer(_("The service's answer makes no sense: %s") % error)
        page_failure_keep(
            provider=provider,
            question=question.kind,
            url=response.url,
            text=response.text(),
            error_code=failure.code,
            detail=str(failure.detail),
        )
        raise failure from error
    return Answer(200, found, response.etag, response.last_modified)


def _storable(payload: Any, body: bytes) -> Any:
    """The same without NUL, which PostgreSQL does not take; walked through only where there is one."""
    return _without_nul(payload) if b"\\u0000" in body else payload


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return [_without_nul(item) for item in value] if isinstance(value, list) else value
