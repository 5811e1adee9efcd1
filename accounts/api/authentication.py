"""Who calls the API: an access token in `Authorization`, or the site's session with its CSRF token."""

from rest_framework.authentication import SessionAuthentication


class SiteSessionAuthentication(SessionAuthentication):
    """The browser's session; unsafe methods need the CSRF token."""


class AccessTokenAuthentication(SessionAuthentication):
    """Replaced by the accounts slice."""
