"""The browser in which somebody sets a new password stays signed in; all others are out."""

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.access import current_session
from accounts.models import SessionKind, User


def sign_in_keep(request: HttpRequest | Request, user: User) -> None:
    """Note the new password in the site session that asked, under a new key; an app's tokens need nothing."""
    session = current_session(request)
    if session is not None and session.kind == SessionKind.SITE:
        update_session_auth_hash(request._request if isinstance(request, Request) else request, user)
