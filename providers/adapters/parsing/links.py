"""Links of a page: absolute, plain http(s), to public hosts; and the slugs in their paths."""

import re
from functools import lru_cache
from unicodedata import normalize
from urllib.parse import quote, unquote, urljoin

from core.egress.addresses import address_is_public
from core.egress.errors import EgressRefused
from core.egress.urls import url_read
from providers.adapters.parsing.documents import Element

MAX_URL = 1_000
MAX_SLUG = 255
_ABSOLUTE = re.compile(r"(https?)://([^/?#\\\s]+)([^#]*)", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9_\-./?=&%~+,;:]*")
_PLAIN_PATH = re.compile(r"/(?!/)[A-Za-z0-9_\-./?=&%~+,;:]*")
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\<>\"`{}|^\ud800-\udfff]")
_UNSAFE_SLUG = re.compile(r"[\x00-\x20\x7f-\x9f/\\\ud800-\udfff]")
_PRIVATE_ENDS = (
    ".local",
    ".localhost",
    ".internal",
    ".intranet",
    ".lan",
    ".home",
    ".corp",
    ".home.arpa",
    ".localdomain",
)
_PICTURE_ATTRIBUTES = ("data-src", "data-lazy-src", "data-original", "src")


class Links:
    """Reads the links of a page at `base`. The page's own host is always good; others only by public names."""

    def __init__(self, base: str) -> None:
        self._base = base
        found = _ABSOLUTE.match(base)
        self._scheme, self._own = (found[1].lower(), found[2]) if found else ("https", "")
        self.origin = f"{self._scheme}://{self._own}" if found else ""
        self._root = f"{self.origin}/"

    def read(self, href: str | None) -> str:
        """The absolute address without its fragment; "" for anything that is no safe link."""
        if not href or len(href) > MAX_URL:
            return ""
        # Nearly all of a page: plain addresses on its own host.
        if href.startswith(self._root) and _PLAIN.fullmatch(href, len(self._root)):
            return href
        if self.origin and _PLAIN_PATH.fullmatch(href) and len(href) + len(self.origin) <= MAX_URL:
            return self.origin + href
        address = self._absolute(href.strip())
        found = _ABSOLUTE.match(address)
        if found is None or _FORBIDDEN.search(found[3]):
            return ""
        scheme = found[1].lower()
        authority = found[2] if found[2] == self._own else _authority_read(scheme, found[2])
        rest = found[3] or "/"
        if not rest.isascii() or " " in rest:
            rest = quote(rest, safe="/?%:@!$&'()*+,;=~-._[]")
        url = f"{scheme}://{authority}{rest}"
        return url if authority and len(url) <= MAX_URL else ""

    def picture(self, image: Element | None) -> str:
        """Where a picture is, lazily loaded or not."""
        if image is None:
            return ""
        return next((url for name in _PICTURE_ATTRIBUTES if (url := self.read(image.get(name)))), "")

    def _absolute(self, href: str) -> str:
        if href.startswith(("https://", "http://")):
            return href
        if href.startswith("//"):
            return f"{self._scheme}:{href}"
        if href.startswith("/"):
            return self.origin + href
        if _ABSOLUTE.match(href):
            return href
        if not href or href.startswith("#") or _OTHER_SCHEME.match(href):
            return ""
        try:
            return urljoin(self._base, href)
        except ValueError:
            return ""


@lru_cache(maxsize=4096)
def _authority_read(scheme: str, authority: str) -> str:
    """Host and, unless it is the scheme's own, port in canonical form; "" where it is private or no honest host."""
    try:
        target = url_read(f"{scheme}://{authority}/")
    except EgressRefused:
        return ""
    if target.is_literal:
        return target.authority if address_is_public(target.host) else ""
    return "" if "." not in target.host or target.host.endswith(_PRIVATE_ENDS) else target.authority


def path_parts(url: str) -> list[str]:
    """The parts of the path of an address that `Links` read, still encoded."""
    _scheme, _, rest = url.partition("://")
    return [part for part in rest.partition("?")[0].split("/")[1:] if part]


def slug_read(part: str) -> str:
    """A part of a path as a slug: decoded once; "" for what could be more than one part, or none."""
    try:
        slug = normalize("NFC", unquote(part, errors="strict"))
    except UnicodeDecodeError:
        return ""
    is_safe = 0 < len(slug) <= MAX_SLUG and slug not in (".", "..") and not _UNSAFE_SLUG.search(slug)
    return slug if is_safe else ""


def slug_after(url: str, *folder: str) -> str:
    """The slug that ends an address below `folder`: "x" of …/anime/x/; "" where another thing is there."""
    *before, last = path_parts(url) or [""]
    return slug_read(last) if before[-len(folder) :] == list(folder) else ""


def slug_quoted(slug: str) -> str:
    """A slug as one part of a path."""
    return quote(slug, safe="")
