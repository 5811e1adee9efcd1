"""Addresses in mails: always on the operator's own address, never on the Host header that a request came with."""

from django.conf import settings


def link_base() -> str:
    """What addresses in mails begin with: the operator's PUBLIC_URL, else where the server listens."""
    return settings.PUBLIC_URL or settings.LINK_BASE
