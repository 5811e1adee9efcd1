"""One question to a metadata service: paced by its published limits and the operator's, capped, counted."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from django.utils.translation import gettext_lazy as _

from core import egress
from core.egress import EgressError, EgressUnavailable, Network, Policy, Rate
from core.egress.urls import Target, url_read
from providers.errors import ProviderDisabled
from providers.fetching.network import TimedNetwork, network
from providers.metadata.counts import answer_count, error_count
from providers.metadata.pace import turn_awaited
from providers.models import Provider, ProviderRole

MAX_BYTES = 4 * 1024 * 1024
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
    shortest = min((rate.seconds / rate.times for rate in rates), default=0.0)
    return max(0.1, math.ceil(1000 * shortest) / 1000)


def rates_of(provider: Provider, rates: tuple[Rate, ...]) -> tuple[Rate, ...]:
    """The service's own limits, and the row's interval where that is slower."""
    interval = provider.interval_seconds
    return (*rates, Rate(1, interval)) if interval > interval_own(rates) else rates


def provider_asked(name: str) -> Provider:
    """The row of a service; raises `ProviderDisabled` when it is off or gone."""
    provider = Provider.objects.filter(name=name, role=ProviderRole.METADATA, is_enabled=True).first()
    if provider is None:
        raise ProviderDisabled()
    return provider


def policy_made(provider: Provider, target: Target, reached: Network) -> Policy:
    """The rules of one request whose turn has come: egress does not wait any more."""
    return Policy(
        hosts=(target.host,),
        ports=tuple({80, 443, target.port}),
        max_bytes=MAX_BYTES,
        total_seconds=provider.timeout_seconds,
        idle_seconds=min(10.0, provider.timeout_seconds),
        connect_seconds=min(5.0, provider.timeout_seconds),
        rates=(),
        max_wait=0.0,
        network=reached,
    )


def question_ask(
    question: Question, *, provider: Provider, rates: tuple[Rate, ...], etag: str = "", last_modified: str = ""
) -> Answer:
    """The service's answer: 200, 304 (with conditions) or 404; anything else is an `EgressError`.

    Waits for its turn as long as `patience` allows. A 429 is an error at once: every process leaves the host alone until it
    says.
    """
    url = provider.base_url.rstrip("/") + question.path + (f"?{urlencode(question.query)}" if question.query else "")
    target = url_read(url)
    timed = TimedNetwork(network())
    is_post = question.json is not None
    try:
        turn_awaited(target.authority, rates_of(provider, rates))
        response = egress.fetch(
            url,
            policy=policy_made(provider, target, timed),
            method="POST" if is_post else "GET",
            headers={"Accept": "application/json"} | ({"Content-Type": "application/json"} if is_post else {}),
            body=orjson.dumps(question.json) if is_post else None,
            etag=etag,
            last_modified=last_modified,
        )
        answer = _read(response)
    except EgressError as error:
        error_count(provider, target.authority, error, milliseconds=timed.milliseconds)
        raise
    answer_count(provider, target.authority, is_unchanged=response.is_not_modified, milliseconds=timed.milliseconds)
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
