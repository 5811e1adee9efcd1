"""Who a browser is signed in as: the row of its sign-in, read with the person and the avatar in one query (ADR 0007)."""

from functools import partial

from asgiref.sync import sync_to_async
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.models import User, UserSession
from accounts.selectors.sessions import is_alive, session_with_person
from accounts.services.sessions import session_revoke, session_seen, site_session_adopt
from accounts.site_sessions import ROW_KEY, is_timed_out
from core.proxies import client_address


class SiteSessionMiddleware(AuthenticationMiddleware):
    """Django's own, asking our rows: `request.user` stays lazy, and a revoked session is nobody at once (threat 24)."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(user_of, request))  # type: ignore[assignment]
        request.auser = sync_to_async(partial(user_of, request))


def user_of(request: HttpRequest) -> User | AnonymousUser:
    """The person of the browser's session, found once a request; what ended is taken out of the browser, too."""
    if not hasattr(request, "_cached_user"):
        session = _session_of(request)
        request._user_session = session  # type: ignore[attr-defined]
        request._cached_user = session.user if session else AnonymousUser()  # type: ignore[attr-defined]
    return request._cached_user  # type: ignore[attr-defined]


def _session_of(request: HttpRequest) -> UserSession | None:
    session = session_of_store(request.session)
    if session is None:
        return _adopted(request)
    if session_seen(session=session, address=client_address(request)):
        request.session.modified = True  # the cookie lasts as long as the row
    return session


def session_of_store(store: SessionBase) -> UserSession | None:
    """The living session that a site session names, its person selected; None otherwise. Sockets ask this as well.

    A row that ended, or a password set since, empties the site session, as Django does; so do staff who did nothing for
    longer than the operator lets them (`is_timed_out`). A suspended person's is left alone: what ends it for good is that
    suspending revokes the row.
    """
    user_id, row_id = store.get(auth.SESSION_KEY), store.get(ROW_KEY)
    if user_id is None or row_id is None:
        return None
    session = session_with_person(row_id, user_id)
    if session is None or session.revoked_at or not _has_password_of(store, session.user):
        store.flush()
        return None
    if not is_alive(session):
        return None
    if is_timed_out(session):
        session_revoke(session=session, reason="timed_out")
        store.flush()
        return None
    return session


def _has_password_of(store: SessionBase, user: User) -> bool:
    """Whether the person's password is the one of the sign-in: Django's session hash, under old keys as well."""
    kept, present = store.get(auth.HASH_SESSION_KEY) or "", user.get_session_auth_hash()
    if constant_time_compare(kept, present):
        return True
    if any(constant_time_compare(kept, old) for old in user.get_session_auth_fallback_hash()):
        store.cycle_key()
        store[auth.HASH_SESSION_KEY] = present
        return True
    return False


def _adopted(request: HttpRequest) -> UserSession | None:
    """A row for a sign-in from before there were rows: nobody is signed out by the release that brought them."""
    if auth.SESSION_KEY not in request.session or ROW_KEY in request.session:
        return None
    user = auth.get_user(request)
    if not isinstance(user, User):
        return None
    session = site_session_adopt(
        user=user,
        session_key=request.session.session_key or "",
        device=request.headers.get("User-Agent", ""),
        address=client_address(request),
    )
    request.session[ROW_KEY] = str(session.pk)
    return session if is_alive(session) else None
