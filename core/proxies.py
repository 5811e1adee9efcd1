"""Who is really asking: forwarded headers are believed only from the operator's own proxies (threat 13)."""

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

Network = IPv4Network | IPv6Network
# Longer chains are not a proxy's work; the oldest hops, which anyone can write, are not read.
_MAX_HOPS = 32
_PROTO_HEADER = "HTTP_X_FORWARDED_PROTO"
_FOR_HEADER = "HTTP_X_FORWARDED_FOR"
_FORWARDED_HEADERS = (
    _FOR_HEADER,
    _PROTO_HEADER,
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)
# Where the server does not say who is asking (a Unix socket): one bucket for all of them.
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104


@lru_cache(maxsize=8)
def _networks(entries: tuple[str, ...]) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(entry.strip(), strict=False) for entry in entries)
    except ValueError as error:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES: {error}") from error


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: bare, with a port, in brackets, or IPv4 mapped into IPv6; None when unreadable."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_trusted_proxy(text: str) -> bool:
    """Whether this peer is one of `TRUSTED_PROXIES` (addresses or networks)."""
    address = _address(text)
    return address is not None and any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


def forwarded_address(peer: str, forwarded_for: str) -> str:
    """The right-most address of the chain that is not one of our proxies; the peer itself when it is not ours.

    Each proxy appends the address it saw, so only what stands right of the first foreign address is true.
    """
    current = _address(peer)
    if current is None:
        return UNKNOWN_ADDRESS
    for hop in reversed(forwarded_for.split(",")[-_MAX_HOPS:] if forwarded_for.strip() else []):
        if not is_trusted_proxy(str(current)):
            break
        address = _address(hop)
        if address is None:
            break
        current = address
    return str(current)


def client_address(request: HttpRequest) -> str:
    """The client's IP address in canonical form, for throttles and logs."""
    kept = request.META.get("hiroba.client_address")
    if kept is None:
        kept = forwarded_address(request.META.get("REMOTE_ADDR", ""), request.META.get(_FOR_HEADER, ""))
        request.META["hiroba.client_address"] = kept
    return str(kept)


def network_of(address: str) -> str:
    """What is counted of an address: an IPv6 customer holds a /64 and may come from any of it, so all of it is one."""
    parsed = _address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, 64), strict=False).network_address)
    return str(parsed) if parsed is not None else address


class TrustedProxyMiddleware:
    """Near the top: sets `REMOTE_ADDR` and the scheme from a trusted proxy's headers and drops everyone else's.

    After it, anything that reads `REMOTE_ADDR`, `X-Forwarded-*` or `request.is_secure()` sees the truth.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR", "")
        request.META["REMOTE_ADDR"] = client_address(request)
        if is_trusted_proxy(peer):
            scheme = request.META.get(_PROTO_HEADER, "").rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                _scheme_set(request, scheme)
        else:
            # Believed by nobody, but that they were there shows that somebody else is asking (core.health).
            request.META["hiroba.was_forwarded"] = any(header in request.META for header in _FORWARDED_HEADERS)
            for header in _FORWARDED_HEADERS:
                request.META.pop(header, None)
        return self.get_response(request)


def _scheme_set(request: HttpRequest, scheme: str) -> None:
    """WSGI requests read the scheme from their environment, ASGI requests from their scope."""
    if hasattr(request, "scope"):
        request.scope["scheme"] = scheme
    request.META["wsgi.url_scheme"] = scheme
