"""Who is calling, and by which sign-in: asked the same way in pages and in the API."""

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import UserSession


def current_session(request: HttpRequest | Request) -> UserSession | None:
    """The session that this request is signed in by: an app's (access token) or the browser's on the site; else None.

    Its `user` (with the avatar) is loaded; asking makes no query beyond the one that found out who is calling.
    """
    if isinstance(request, Request):
        if isinstance(request.auth, UserSession):
            return request.auth
        request = request._request
    if not request.user.is_authenticated:
        return None
    return getattr(request, "_user_session", None)
