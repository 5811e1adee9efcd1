"""The settings page of sessions: where one is signed in, and how to end it."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import current_session, get_session
from accounts.devices import device_of
from accounts.models import SessionKind, User, UserSession
from accounts.selectors.sessions import sessions_shown
from accounts.services.sessions import SEEN_EVERY, session_revoke, sessions_revoke_all
from core.site.posted import posted_from


def _shown(session: UserSession, current: UserSession | None) -> dict[str, Any]:
    """A session as the page draws it; `is_here`: seen within the last two minutes."""
    return {
        "session": session,
        "device": device_of(session.device),
        "is_current": session == current,
        "is_app": session.kind == SessionKind.API,
        "is_here": timezone.now() - session.last_seen_at < 2 * SEEN_EVERY,
    }


@require_GET
@never_cache
@login_required
def sessions_page(request: HttpRequest) -> HttpResponse:
    """The list: this one first, then by when they were seen."""
    current = current_session(request)
    rows = [_shown(session, current) for session in sessions_shown(cast(User, request.user))]
    rows.sort(key=lambda row: not row["is_current"])
    return render(request, "accounts/settings/sessions.html", {"rows": rows, "others": len(rows) - 1})


@posted_from("settings_sessions")
@never_cache
@login_required
def session_revoke_page(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """End one session and go back to the list; ending this one signs out."""
    session = get_session(request, session_id)
    if session == current_session(request):
        logout(request)
        messages.success(request, _("You are signed out."))
        return redirect("account_login")
    session_revoke(session=session, reason="by_hand")
    messages.success(request, _("%(device)s is signed out.") % {"device": device_of(session.device).name})
    return redirect("settings_sessions")


@posted_from("settings_sessions")
@never_cache
@login_required
def sessions_revoke_page(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one and go back to the list."""
    count = sessions_revoke_all(user=cast(User, request.user), reason="by_hand", keep=current_session(request))
    messages.success(request, ngettext("%d session is over", "%d sessions are over", count) % count)
    return redirect("settings_sessions")
