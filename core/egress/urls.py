"""Reads a URL once and strictly, so that no second parser can see another host in it."""

import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

import idna
from django.utils.translation import gettext_lazy as _

from core.egress.errors import EgressRefused

MAX_URL_LENGTH = 8_192
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?"
)
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]@%]+)(?::(?P<port>[0-9]{1,5}))?")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes. `host` is lower-case ASCII without a trailing dot or brackets; `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and, unless it is the scheme's own, port: as in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def is_literal(self) -> bool:
        """The host is an IP address, not a name."""
        return ":" in self.host or self.host.rpartition(".")[2].isdigit()


def _host_read(text: str) -> str:
    """The host in one canonical form; decimal, octal, hexadecimal and short IPv4 forms are refused, not interpreted."""
    if text.startswith("["):
        try:
            return str(IPv6Address(text[1:-1]))
        except AddressValueError:
            raise EgressRefused(_("The host is not a valid address.")) from None
    try:
        host = text if text.isascii() else idna.encode(text, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise EgressRefused(_("The host name is not valid.")) from None
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise EgressRefused(_("The host name is not valid."))
    if _NUMERIC_LABEL.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(host))
        except AddressValueError:
            raise EgressRefused(_("The host is not a valid address.")) from None
    return host


def url_read(url: str) -> Target:
    """Split a URL; raises `EgressRefused` for anything but plain http(s) with an honest host (no user:password@)."""
    if len(url) > MAX_URL_LENGTH or _FORBIDDEN.search(url) or not (match := _URL.fullmatch(url)):
        raise EgressRefused(_("The address is not a valid URL."))
    scheme = match["scheme"].lower()
    if scheme not in _DEFAULT_PORTS:
        raise EgressRefused(_("Only http and https addresses are fetched."))
    authority = _AUTHORITY.fullmatch(match["authority"])
    if authority is None:
        raise EgressRefused(_("The host name is not valid."))
    port = int(authority["port"]) if authority["port"] else _DEFAULT_PORTS[scheme]
    # Non-ASCII and stray characters are percent-encoded; what is encoded already stays as it is.
    target = quote(match["path"] or "/", safe="/%:@!$&'()*+,;=~-._") + quote(
        match["query"] or "", safe="?/%:@!$&'()*+,;=~-._"
    )
    return Target(scheme=scheme, host=_host_read(authority["host"]), port=port, target=target)


def url_joined(base: Target, location: str) -> Target:
    """The target a `Location` header names, read as strictly as any other URL."""
    with suppress(UnicodeError):  # headers arrive as latin-1; many servers put UTF-8 there
        location = location.encode("latin-1").decode("utf-8")
    if len(location) > MAX_URL_LENGTH or _FORBIDDEN.search(location):
        raise EgressRefused(_("The redirect is not a valid URL."))
    try:
        return url_read(urljoin(base.url, location))
    except ValueError:
        raise EgressRefused(_("The redirect is not a valid URL.")) from None
