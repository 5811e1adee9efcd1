"""Who is calling, and by which sign-in: asked the same way in pages and in the API; a person's own sessions by id."""

import uuid
from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User, UserSession
from accounts.selectors.sessions import sessions_of
from core.errors import NotFound


def current_session(request: HttpRequest | Request) -> UserSession | None:
    """The session that this request is signed in by: an app's (access token) or the browser's on the site; else None.

    A request by API key has none. The session's `user` (with the avatar) is loaded; asking makes no query beyond the one
    that found out who is calling.
    """
    if isinstance(request, Request):
        if request.auth is not None:
            return request.auth if isinstance(request.auth, UserSession) else None
        request = request._request
    if not request.user.is_authenticated:
        return None
    return getattr(request, "_user_session", None)


def get_session(request: HttpRequest | Request, session_id: uuid.UUID) -> UserSession:
    """An active session of whoever is calling; raises `NotFound` for another's and for one that is over."""
    found = sessions_of(cast(User, request.user)).filter(pk=session_id).first()
    if found is None:
        raise NotFound()
    return found
