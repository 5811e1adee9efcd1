"""Who a socket belongs to: an app's access token, or the site's session cookie that the handshake carried."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http.cookie import parse_cookie

from accounts.errors import InvalidToken
from accounts.middleware import session_of_store
from accounts.models import UserSession
from accounts.selectors.sessions import session_by_access_token
from accounts.site_sessions import SessionStore
from core.realtime.database import in_thread
from core.realtime.socket import Identity


async def identity_of(scope: dict[str, Any], token: str | None) -> Identity | None:
    """The living sign-in of `token`, or without a token of the cookie in the handshake; None when there is none.

    Every socket address of the house asks this. Browsers' handshakes were checked for their origin before (threat 31).
    """
    if token is not None:
        session = await in_thread(_session_by_token, token)
    else:
        session = await in_thread(_session_by_cookie, _cookie(scope))
    if session is None:
        return None
    return Identity(session.user_id, session.pk, {"id": str(session.user_id), "username": session.user.username})


def _session_by_token(token: str) -> UserSession | None:
    try:
        return session_by_access_token(token)
    except InvalidToken:
        return None


def _session_by_cookie(key: str) -> UserSession | None:
    return session_of_store(SessionStore(key)) if key else None


def _cookie(scope: dict[str, Any]) -> str:
    for name, value in scope["headers"]:
        if name == b"cookie":
            return parse_cookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")
    return ""
