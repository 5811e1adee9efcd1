"""The two calls that leave the house: `fetch` into memory, `fetch_to_file` onto disk."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.egress import breaker, pacing, robots
from core.egress.errors import (
    EgressBadAnswer,
    EgressError,
    EgressPaced,
    EgressRefused,
    EgressRobots,
    EgressTooLarge,
    EgressUnavailable,
)
from core.egress.exchange import Exchange, exchange_opened
from core.egress.network import Budget
from core.egress.policy import Policy
from core.egress.urls import Target, url_joined, url_read

log = structlog.get_logger(__name__)

_REDIRECTS = (301, 302, 303, 307, 308)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Ours to set: a caller that could set them could smuggle a second request or reach another virtual host.
_OUR_HEADERS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# What another origin may see after a redirect; everything else (tokens, cookies, keys by any name) stays behind.
_TRAVELLING_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "connection",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "range",
        "user-agent",
    }
)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer below 500. `url` is where it came from after redirects, `elapsed` is in seconds, `size` in bytes.

    `headers` is case-insensitive. `body` is decompressed; empty after `fetch_to_file`.
    """

    status: int
    headers: Mapping[str, str]
    url: str
    elapsed: float
    size: int
    body: bytes = field(default=b"", repr=False)

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_not_modified(self) -> bool:
        """304: what the caller has is still current."""
        return self.status == 304

    @property
    def etag(self) -> str:
        return self.headers.get("ETag", "")

    @property
    def last_modified(self) -> str:
        return self.headers.get("Last-Modified", "")

    def text(self) -> str:
        """The body as text: the charset of `Content-Type`, else UTF-8; bytes that do not fit become U+FFFD."""
        kind, _sep, parameters = self.headers.get("Content-Type", "").partition("charset=")
        charset = parameters.split(";")[0].strip(" \"'") if kind else ""
        try:
            return self.body.decode(charset or "utf-8", "replace")
        except (LookupError, ValueError):
            return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON; raises `EgressBadAnswer` when it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise EgressBadAnswer(_("The answer is not JSON.")) from error


def fetch(
    url: str,
    *,
    policy: Policy,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    etag: str = "",
    last_modified: str = "",
) -> Response:
    """Ask under a policy and read the whole answer into memory.

    `etag` and `last_modified` (from an earlier `Response`) make the request conditional: see `is_not_modified`.
    Answers below 500 other than 429 are returned, redirects followed; everything else raises an `EgressError`:
    `EgressRefused` before anything is sent, `EgressPaced` for our rate or a 429, `EgressUnavailable` for 5xx, no
    connection or an open breaker, `EgressTimeout`, `EgressTooLarge`, `EgressBadAnswer`.
    """
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    sent = {**(headers or {}), **{name: value for name, value in conditions.items() if value}}
    with _answered(url, policy=policy, method=method, headers=sent, body=body) as answer:
        content = b"" if method == "HEAD" else b"".join(answer.exchange.chunks())
        return answer.response(size=len(content), body=content)


def fetch_to_file(
    url: str,
    *,
    policy: Policy,
    path: Path,
    offset: int = 0,
    span: tuple[int, int] | None = None,
    headers: Mapping[str, str] | None = None,
    on_progress: Callable[[int, int | None], None] | None = None,
) -> Response:
    """Stream a GET into `path` (its folder exists), never holding more than 256 KiB in memory.

    With `offset` > 0 the file's first `offset` bytes are kept and the rest is asked for by `Range`; a server that sends
    the whole again (200) starts the file anew.
    With `span` (first byte, length) only that piece of the resource becomes the file, `offset` counting within it; a server
    that sends anything else raises `EgressBadAnswer`.
    `policy.max_bytes` caps the whole file. `on_progress(bytes so far, bytes in all or None)` may raise
    to stop. On an error the bytes received so far stay, for a later resume; the caller renames the finished file.
    An answer that is not 2xx is returned and leaves the file alone (416: nothing is left to read, or the file changed).
    """
    sent = {**(headers or {}), "Accept-Encoding": "identity"}
    first, end = (span[0], str(sum(span) - 1)) if span else (0, "")
    if offset or span:
        sent["Range"] = f"bytes={first + offset}-{end}"
    with _answered(url, policy=policy, method="GET", headers=sent, body=None) as answer:
        if not 200 <= answer.exchange.status < 300:
            return answer.response(size=0)
        start = _resume_point(answer.exchange, first + offset, is_piece=span is not None) - first
        declared = answer.exchange.declared_bytes
        total = None if declared is None else start + declared
        if max(total or 0, start) > policy.max_bytes:
            raise EgressTooLarge(_("The file is larger than may be read."))
        written = start
        with path.open("r+b" if start else "wb") as file:
            file.seek(start)
            file.truncate()
            for chunk in answer.exchange.chunks():
                written += len(chunk)
                if written > policy.max_bytes:
                    raise EgressTooLarge(_("The file is larger than may be read."))
                file.write(chunk)
                if on_progress is not None:
                    on_progress(written, total)
        return answer.response(size=written)


@dataclass(frozen=True, slots=True)
class _Answer:
    exchange: Exchange
    target: Target
    budget: Budget

    def response(self, *, size: int, body: bytes = b"") -> Response:
        return Response(self.exchange.status, self.exchange.headers, self.target.url, self.budget.elapsed, size, body)


def _resume_point(exchange: Exchange, offset: int, *, is_piece: bool) -> int:
    """Where the body begins in the resource: at `offset` for a 206 that says so, at 0 for a whole answer, which is none of a piece."""
    if exchange.status != 206 and not is_piece:
        return 0
    if not exchange.headers.get("Content-Range", "").lower().startswith(f"bytes {offset}-"):
        raise EgressBadAnswer(_("The server sent another part than the one asked for."))
    return offset


@contextmanager
def _answered(
    url: str, *, policy: Policy, method: str, headers: Mapping[str, str], body: bytes | None
) -> Iterator[_Answer]:
    """Follow the request to its final answer, hop by hop, and tell the breaker how each host did."""
    budget = Budget(total_seconds=policy.total_seconds, idle_seconds=policy.idle_seconds)
    target = url_read(url)
    sent = _headers_made(headers, method=method, body=body, policy=policy)
    for _hop in range(policy.max_redirects + 1):
        with _hop_opened(target, policy=policy, budget=budget, method=method, headers=sent, body=body) as exchange:
            location = exchange.headers.get("Location") if exchange.status in _REDIRECTS else None
            if not location:
                yield _Answer(exchange, target, budget)
                return
            following = url_joined(target, location)
        if target.scheme == "https" and following.scheme == "http":
            raise EgressRefused(_("A redirect leads from https to http."))
        if exchange.status == 303 or (exchange.status in (301, 302) and method == "POST"):
            method, body = ("HEAD" if method == "HEAD" else "GET"), None
        if following.origin != target.origin:
            if body is not None:
                raise EgressRefused(_("A redirect would send data to another site."))
            sent = {name: value for name, value in sent.items() if name.lower() in _TRAVELLING_HEADERS}
        target = following
    raise EgressRefused(_("Too many redirects."))


@contextmanager
def _hop_opened(
    target: Target, *, policy: Policy, budget: Budget, method: str, headers: Mapping[str, str], body: bytes | None
) -> Iterator[Exchange]:
    """One hop: rules, robots.txt, breaker, turn, request; the outcome of reading counts for the breaker too."""
    policy.check(target)
    if policy.obeys_robots and not robots.is_allowed(target, policy=policy, seconds=budget.remaining(), fetch=fetch):
        raise EgressRobots()
    host = target.authority
    admission = breaker.admitted(host, policy)
    exchange: Exchange | None = None
    try:
        pacing.turn_awaited(host, policy, budget)
        exchange = exchange_opened(target, policy=policy, budget=budget, method=method, headers=headers, body=body)
        _raise_for_status(exchange, host)
        yield exchange
    except EgressError as error:
        # Our own rules and caps say nothing about the health of the host.
        if isinstance(error, EgressRefused | EgressPaced | EgressTooLarge):
            admission.released()
        else:
            admission.failed()
        log.warning("egress_failed", host=host, method=method, code=error.code, status=error.upstream_status)
        raise
    except BaseException:
        admission.released()
        raise
    else:
        admission.succeeded()
        log.debug("egress", host=host, method=method, status=exchange.status, seconds=round(budget.elapsed, 3))
    finally:
        if exchange is not None:
            exchange.close()


def _raise_for_status(exchange: Exchange, host: str) -> None:
    """429 and 5xx become errors; their `Retry-After` is noted for every process."""
    status = exchange.status
    if status != 429 and status < 500:
        return
    wait = pacing.retry_after_read(exchange.headers.get("Retry-After"))
    if status == 429:
        wait = pacing.DEFAULT_PAUSE if wait is None else wait
        pacing.pause_noted(host, wait)
        raise EgressPaced(_("The other site asks to wait."), upstream_status=status, retry_after=wait)
    if wait:
        pacing.pause_noted(host, wait)
    raise EgressUnavailable(_("The other site answers with an error."), upstream_status=status, retry_after=wait)


def _headers_made(headers: Mapping[str, str], *, method: str, body: bytes | None, policy: Policy) -> dict[str, str]:
    if method not in _METHODS:
        raise EgressRefused(_("This method is not used."))
    if body is not None and len(body) > policy.max_request_bytes:
        raise EgressRefused(_("The request's body is too large."))
    made = {
        "User-Agent": settings.EGRESS_USER_AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }
    ours = {name.lower(): name for name in made}
    for name, value in headers.items():
        lowered = name.lower()
        if lowered == "accept-encoding" and value == "identity":
            made["Accept-Encoding"] = value
        elif lowered in _OUR_HEADERS or lowered.startswith("proxy-"):
            raise EgressRefused(_("This header is not the caller's to set."))
        else:
            made[ours.get(lowered, name)] = value
    return made
