"""One question to a metadata service: paced by its published limits and the operator's, capped, counted."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
from django.utils.translation import gettext_lazy as _

from core import egress
from core.egress import EgressError, EgressPaced, EgressUnavailable, Policy, Rate
from providers.errors import ProviderDisabled
from providers.fetching.network import TimedNetwork, network
from providers.metadata.counts import answer_count, error_count
from providers.metadata.patience import patience
from providers.models import Provider, ProviderRole

MAX_BYTES = 4 * 1024 * 1024
# The longest wait without a beat.
SLICE_SECONDS = 20.0
_ANSWERS = (200, 304, 404)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, below the service's base address: a GET of `path` with `query`, or a POST of `json`."""

    path: str
    query: Mapping[str, str | int] | None = None
    json: object = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `payload` is the JSON of a 200, None for 304 and 404."""

    status: int
    payload: Any = None
    etag: str = ""
    last_modified: str = ""


def interval_own(rates: tuple[Rate, ...]) -> float:
    """Seconds between two requests that a service's shortest limit comes down to: 3 in a second are 0.334."""
    shortest = min(rates, key=lambda rate: rate.seconds)
    return max(0.1, math.ceil(1000 * shortest.seconds / shortest.times) / 1000)


def provider_asked(name: str) -> Provider:
    """The row of a service; raises `ProviderDisabled` when it is off or gone."""
    provider = Provider.objects.filter(name=name, role=ProviderRole.METADATA, is_enabled=True).first()
    if provider is None:
        raise ProviderDisabled()
    return provider


def policy_made(provider: Provider, rates: tuple[Rate, ...], *, wait: float) -> Policy:
    """The rules of one request: the service's own `rates`, and the row's interval where that is slower."""
    parts = urlsplit(provider.base_url)
    if provider.interval_seconds > interval_own(rates):
        # A rate of one lets every second window go by: windows of half the interval make one request per interval.
        rates = (*rates, Rate(1, provider.interval_seconds / 2))
    return Policy(
        hosts=(parts.hostname or "",),
        ports=tuple({80, 443, parts.port or 443}),
        max_bytes=MAX_BYTES,
        total_seconds=wait + provider.timeout_seconds,
        idle_seconds=min(10.0, provider.timeout_seconds),
        connect_seconds=min(5.0, provider.timeout_seconds),
        rates=rates,
        max_wait=wait,
        network=network(),
    )


def question_ask(
    question: Question, *, provider: Provider, rates: tuple[Rate, ...], etag: str = "", last_modified: str = ""
) -> Answer:
    """The service's answer: 200, 304 (with conditions) or 404; anything else is an `EgressError`.

    Waits for its turn as long as `patience` allows. A 429 is not waited for: the host is left alone by every process
    until it says.
    """
    given = patience()
    until = time.monotonic() + given.seconds
    while True:
        wait = min(SLICE_SECONDS, max(0.0, until - time.monotonic()))
        policy = policy_made(provider, rates, wait=wait)
        try:
            return _once(question, provider=provider, policy=policy, etag=etag, last_modified=last_modified)
        except EgressPaced as error:
            pause = error.retry_after or 0.0
            if error.upstream_status is not None or time.monotonic() + pause >= until:
                raise
            if given.beat is not None:
                given.beat()
            time.sleep(min(pause, SLICE_SECONDS))


def _once(question: Question, *, provider: Provider, policy: Policy, etag: str, last_modified: str) -> Answer:
    url = provider.base_url.rstrip("/") + question.path + (f"?{urlencode(question.query)}" if question.query else "")
    is_post = question.json is not None
    timed = TimedNetwork(policy.network)
    try:
        response = egress.fetch(
            url,
            policy=replace(policy, network=timed),
            method="POST" if is_post else "GET",
            headers={"Accept": "application/json"} | ({"Content-Type": "application/json"} if is_post else {}),
            body=orjson.dumps(question.json) if is_post else None,
            etag=etag,
            last_modified=last_modified,
        )
        answer = _read(response)
    except EgressError as error:
        error_count(provider, policy.hosts[0], error, milliseconds=timed.milliseconds)
        raise
    answer_count(provider, policy.hosts[0], is_unchanged=response.is_not_modified, milliseconds=timed.milliseconds)
    return answer


def _read(response: egress.Response) -> Answer:
    if response.status not in _ANSWERS:
        raise EgressUnavailable(_("The service does not answer this."), upstream_status=response.status)
    payload = response.json() if response.status == 200 else None
    return Answer(response.status, _storable(payload, response.body), response.etag, response.last_modified)


def _storable(payload: Any, body: bytes) -> Any:
    """The same without NUL, which PostgreSQL does not take; walked through only where there is one."""
    return _without_nul(payload) if b"\\u0000" in body else payload


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return [_without_nul(item) for item in value] if isinstance(value, list) else value
