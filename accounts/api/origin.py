"""Refusing what another site's page sends: the API's sign-in sets a cookie and has no CSRF token to ask for."""

from urllib.parse import urlsplit

from django.conf import settings
from rest_framework.request import Request

from accounts.errors import CrossSiteRequest


def is_browser(request: Request) -> bool:
    """Whether a browser sends this: only browsers add these headers, and scripts cannot take them away."""
    return "Origin" in request.headers or "Sec-Fetch-Site" in request.headers


def refuse_cross_site(request: Request) -> None:
    """Raises `CrossSiteRequest` when the page it comes from is neither ours nor one the operator trusts.

    Native clients send neither header and pass: they hold no cookies that somebody else could ride on.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        if request.headers.get("Sec-Fetch-Site", "none") in ("cross-site", "same-site"):
            raise CrossSiteRequest()
        return
    trusted = {*settings.CSRF_TRUSTED_ORIGINS, *settings.CORS_ALLOWED_ORIGINS}
    if origin in trusted:
        return
    try:
        parts = urlsplit(origin)
    except ValueError as error:  # no browser writes such an address
        raise CrossSiteRequest() from error
    is_downgrade = request.is_secure() and parts.scheme != "https"
    if is_downgrade or parts.netloc.lower() != request.get_host().lower():
        raise CrossSiteRequest()
