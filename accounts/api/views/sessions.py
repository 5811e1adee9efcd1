"""`/auth/sessions`: where somebody is signed in, and how to end it. API keys never reach these routes (threat 30)."""

import uuid
from typing import cast

from django.contrib.auth import logout
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import current_session, get_session
from accounts.api import refresh_cookie
from accounts.api.serializers.sessions import RevokedOut, SessionOut
from accounts.models import SessionKind, User
from accounts.selectors.sessions import sessions_shown
from accounts.services.sessions import session_revoke, sessions_revoke_all
from core.api.permissions import SignedIn
from core.api.views import View


class Sessions(View):
    access = SignedIn
    query = frozenset()

    @extend_schema(operation_id="auth_sessions_list", tags=["Authentication"], responses=SessionOut(many=True))
    def get(self, request: Request) -> Response:
        """All active sessions of the caller, on apps and on the site, with device and address; newest seen first.

        A bare array of at most 200.
        """
        found = sessions_shown(cast(User, request.user))
        answer = SessionOut(found, many=True, context={"current": current_session(request)})
        return Response(answer.data, headers={"Cache-Control": "private, no-store"})

    @extend_schema(
        operation_id="auth_sessions_revoke_others", tags=["Authentication"], request=None, responses={200: RevokedOut}
    )
    def delete(self, request: Request) -> Response:
        """Revoke all sessions except the current one: tokens, site sessions and open sockets end at once."""
        user = cast(User, request.user)
        count = sessions_revoke_all(user=user, reason="by_hand", keep=current_session(request))
        return Response(RevokedOut({"revoked": count}).data)


class SessionDetail(View):
    access = SignedIn

    @extend_schema(operation_id="auth_sessions_revoke", tags=["Authentication"], request=None, responses={204: None})
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        """Revoke one session. If it is the current one, the caller is logged out.

        404 for another's, and for one that is over.
        """
        session, current = get_session(request, session_id), current_session(request)
        session_revoke(session=session, reason="by_hand")
        response = Response(status=204)
        if session == current:
            refresh_cookie.cookie_clear(response)
            if session.kind == SessionKind.SITE:
                logout(request._request)
        return response
