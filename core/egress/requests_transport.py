"""A `requests.Session` for libraries that insist on one: whatever they ask for leaves through `fetch`, under a policy."""

from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from core.egress.client import Response, fetch
from core.egress.errors import EgressError, EgressTimeout
from core.egress.policy import Policy

# Set by `fetch` itself; a library's own would be refused there.
_DROPPED = frozenset({"accept-encoding", "connection", "content-length", "host"})


class EgressTransport(BaseAdapter):
    """Hands a prepared request to `fetch`. Timeouts, certificates, proxies and streaming are the policy's business.

    An `EgressError` becomes `requests.Timeout` or `requests.ConnectionError` (5xx and 429 too: `fetch` raises them), with
    the original as its cause.
    """

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self.policy = policy

    def send(self, request: requests.PreparedRequest, *_args: Any, **_options: Any) -> requests.Response:
        """The whole answer, read under the policy's caps."""
        try:
            answer = fetch(
                request.url or "",
                policy=self.policy,
                method=(request.method or "GET").upper(),
                headers=_headers(request.headers),
                body=_body(request.body),
            )
        except EgressTimeout as error:
            raise requests.Timeout(str(error), request=request) from error
        except EgressError as error:
            raise requests.ConnectionError(str(error), request=request) from error
        return _response(answer, request)

    def close(self) -> None:
        """Nothing is kept open."""


def egress_session(policy: Policy) -> requests.Session:
    """A session that can reach nothing but what `policy` allows; it reads no environment (proxies, netrc)."""
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.adapters.clear()
    transport = EgressTransport(policy)
    session.mount("https://", transport)
    session.mount("http://", transport)
    return session


def _headers(headers: Mapping[str, str | bytes]) -> dict[str, str]:
    found = {name: value.decode("latin-1") if isinstance(value, bytes) else value for name, value in headers.items()}
    return {name: value for name, value in found.items() if name.lower() not in _DROPPED}


def _body(body: Any) -> bytes | None:
    """Text and bytes only: nothing of ours uploads streams."""
    if body is None or isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    raise TypeError("a streamed body cannot leave through core.egress")


def _response(answer: Response, request: requests.PreparedRequest) -> requests.Response:
    made = requests.Response()
    made.status_code = answer.status
    made.headers = CaseInsensitiveDict(answer.headers)
    made.url = answer.url
    made.request = request
    made.encoding = requests.utils.get_encoding_from_headers(made.headers)
    made._content = answer.body
    made._content_consumed = True
    return made
