"""Addresses in mails: always on the operator's own address, never on the Host header that a request came with."""

from urllib.parse import urlsplit

from django.conf import settings


def link_base() -> str:
    """What addresses in mails begin with: the operator's PUBLIC_URL, else where the server listens."""
    return settings.PUBLIC_URL or settings.LINK_BASE


def public_url(url: str) -> str:
    """`url` on the operator's own address: a mail never repeats a Host header that a stranger sent (LINK_BASE)."""
    parts = urlsplit(url)
    return f"{link_base()}{parts.path}{'?' + parts.query if parts.query else ''}"
