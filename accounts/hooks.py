"""What happens at Django's door: every way into the site (password, passkey, provider, admin) passes it (ADR 0007).

These are the framework's hooks, the one place that allauth, the admin and the tests' client share; what follows from a
sign-in is the services' business.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from accounts.models import User
from accounts.selectors.sessions import is_alive, session_with_person
from accounts.services.sessions import session_revoke, site_session_start
from accounts.site_sessions import ROW_KEY
from core.proxies import client_address

_DJANGOS_NOTE = "update_last_login"
"""What Django calls its own receiver. Ours takes the place, whoever comes first: it notes the moment, too."""


def hooks_install() -> None:
    """Called once by the app."""
    user_logged_in.disconnect(dispatch_uid=_DJANGOS_NOTE)
    user_logged_in.connect(_signed_in, dispatch_uid=_DJANGOS_NOTE)
    user_logged_out.connect(_signed_out, dispatch_uid="accounts.signed_out")


def _signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    """Give the browser its row. Signing in again as the same person keeps the row, so that its sockets stay open."""
    kept = session_with_person(request.session[ROW_KEY], user.pk) if ROW_KEY in request.session else None
    if kept is None or not is_alive(kept):
        kept = site_session_start(
            user=user, device=request.META.get("HTTP_USER_AGENT", ""), address=client_address(request)
        )
        request.session[ROW_KEY] = str(kept.pk)
    request._user_session, request._cached_user = kept, user  # type: ignore[attr-defined]


def _signed_out(request: HttpRequest, user: User | None, **_more: Any) -> None:
    row_id = request.session.pop(ROW_KEY, None)
    session = session_with_person(row_id, user.pk) if row_id and user is not None else None
    if session is not None:
        session_revoke(session=session, reason="signed_out")
