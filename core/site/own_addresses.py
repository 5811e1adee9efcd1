"""Addresses that a visitor brings along ("next"): they are followed only when they lead to this site (threat 42)."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_address(request: HttpRequest, address: str) -> str:
    """`address` when it is one of this site, else "".

    A word that is no address ("settings") is none: `redirect` would look it up as the name of a page.
    """
    is_ours = address.startswith(("/", "http://", "https://")) and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else ""
