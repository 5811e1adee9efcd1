"""Sign-ins of apps and of browsers: start, rotate, note, end (threats 23 and 24)."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.errors import InvalidCredentials, InvalidToken
from accounts.events import SessionsEnded
from accounts.models import RefreshToken, SessionKind, User, UserSession
from accounts.services import tokens
from core import events
from core.brief_writes import brief_writes
from core.proxies import UNKNOWN_ADDRESS
from core.secrets import token_hash, token_make

SEEN_EVERY = timedelta(minutes=1)
"""How fresh `last_seen_at` of sessions and people is."""
RENEW_EVERY = timedelta(days=1)
"""How often a site session that is used is prolonged."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a client gets: both tokens in clear, once."""

    session: UserSession
    access_token: str
    refresh_token: str


def _hand_out(session: UserSession) -> SignedIn:
    refresh = token_make("hrt_")
    RefreshToken.objects.create(session=session, token_hash=token_hash(refresh))
    return SignedIn(session, tokens.access_token_make(session), refresh)


def _unchanged(user: User) -> QuerySet[User]:
    """The person's row as long as they are whom the caller checked: same password, neither suspended nor erased."""
    return User.objects.filter(pk=user.pk, password=user.password, is_active=True, erased_at__isnull=True)


def standing_check(*, user: User) -> None:
    """Lock the person's row and make sure that what was checked of them still holds. Raises `InvalidCredentials`.

    Hashing takes its time, and a password that is changed meanwhile ends all that was earned with the old one: nothing
    may be inserted for it after that. The caller is in a transaction.
    """
    if _unchanged(user).select_for_update().values_list("pk").first() is None:
        raise InvalidCredentials()


def _open(
    user: User, kind: SessionKind, device: str, address: str | None, lifetime: timedelta, **more: uuid.UUID
) -> UserSession:
    """Insert the row; the caller noted the sign-in on the person."""
    return UserSession.objects.create(
        **more,
        user=user,
        kind=kind,
        device=device.replace("\x00", "")[:200],
        address=_known(address),
        expires_at=timezone.now() + lifetime,
    )


def _note(user: User, rows: QuerySet[User]) -> bool:
    """Note the sign-in on the person, whose row is locked by that; False when `rows` does not hold it any more."""
    user.last_login = user.last_seen_at = timezone.now()
    return rows.update(last_login=user.last_login, last_seen_at=user.last_seen_at) == 1


def _known(address: str | None) -> str | None:
    return address if address and address != UNKNOWN_ADDRESS else None


def session_start(*, user: User, device: str = "", address: str | None = None) -> SignedIn:
    """Sign `user` in on an app: a new family of refresh tokens. `device` is the client's User-Agent.

    Raises `InvalidCredentials` when what was checked of them holds no more (`standing_check` says why).
    """
    with transaction.atomic():
        if not _note(user, _unchanged(user)):
            raise InvalidCredentials()
        return _hand_out(_open(user, SessionKind.API, device, address, settings.REFRESH_TOKEN_LIFETIME))


def site_session_start(*, user: User, device: str = "", address: str | None = None) -> UserSession:
    """The row of a browser that signs in on the site; the caller keeps its id in the site session (`ROW_KEY`)."""
    with transaction.atomic():
        # No condition: the site session carries the hash of its password, and is nobody's when that was changed.
        _note(user, User.objects.filter(pk=user.pk))
        return _open(user, SessionKind.SITE, device, address, timedelta(seconds=settings.SESSION_COOKIE_AGE))


def site_session_adopt(*, user: User, session_key: str, device: str = "", address: str | None = None) -> UserSession:
    """The row of a site session from before there were rows: one for its key, however many requests ask at once."""
    row_id = uuid.UUID(bytes=hashlib.sha256(b"adopted:" + session_key.encode()).digest()[:16], version=5)
    lifetime = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    mine = UserSession.objects.select_related("user__avatar").filter(pk=row_id, user=user)
    if (found := mine.first()) is not None:
        return found
    try:
        with transaction.atomic():
            _note(user, User.objects.filter(pk=user.pk))
            return _open(user, SessionKind.SITE, device, address, lifetime, id=row_id)
    except IntegrityError:
        return mine.get()


def session_seen(*, session: UserSession, address: str | None = None) -> bool:
    """Note that `session` and its person are here: at most once a minute a session, by one conditional update each.

    Returns whether a site session was prolonged by that (once a day): then the browser's cookie has to be, too. Nothing
    waits for it: when the database is busy, the next request notes it.
    """
    now = timezone.now()
    if now - session.last_seen_at < SEEN_EVERY:
        return False
    changes: dict[str, datetime | str] = {"last_seen_at": now}
    if (known := _known(address)) and known != session.address:
        changes["address"] = known
    full = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    is_renewed = session.kind == SessionKind.SITE and session.expires_at < now + full - RENEW_EVERY
    if is_renewed:
        changes["expires_at"] = now + full
    stale = now - SEEN_EVERY
    with brief_writes():
        row = UserSession.objects.filter(pk=session.pk, last_seen_at__lte=stale, revoked_at__isnull=True)
        if not row.update(**changes):
            return False
        person = User.objects.filter(Q(last_seen_at__isnull=True) | Q(last_seen_at__lte=stale), pk=session.user_id)
        if person.update(last_seen_at=now):
            session.user.last_seen_at = now
        for name, value in changes.items():
            setattr(session, name, value)
        return is_renewed
    return False


def sessions_seen(*, session_ids: Sequence[uuid.UUID]) -> None:
    """Note that these sessions, whose sockets are open, and their people are here. Nothing waits for it."""
    now = timezone.now()
    stale = now - SEEN_EVERY
    with brief_writes():
        UserSession.objects.filter(pk__in=session_ids, last_seen_at__lte=stale).update(last_seen_at=now)
        people = User.objects.filter(Q(last_seen_at__isnull=True) | Q(last_seen_at__lte=stale))
        people.filter(token_sessions__in=session_ids).update(last_seen_at=now)


def session_refresh(*, refresh_token: str, address: str | None = None) -> SignedIn:
    """Exchange a refresh token for a new pair; the old one is spent by one conditional update, so exactly one caller wins.

    A spent token that comes back means that two hold it: the whole family dies and both have to sign in again. There is
    no grace for parallel refreshes, so a client must send one at a time. Raises `InvalidToken`.
    """
    now = timezone.now()
    digest = token_hash(refresh_token)
    with transaction.atomic():
        is_first_use = RefreshToken.objects.filter(token_hash=digest, used_at__isnull=True).update(used_at=now) == 1
        found = (
            RefreshToken.objects.select_related("session__user__avatar", "session__user__totp_device")
            .filter(token_hash=digest)
            .first()
        )
        if found is None:
            raise InvalidToken()
        session = found.session
        if is_first_use:
            if (
                session.revoked_at
                or not session.user.is_active
                or found.created_at <= now - settings.REFRESH_TOKEN_LIFETIME
            ):
                raise InvalidToken()
            session.last_seen_at = now
            session.expires_at = now + settings.REFRESH_TOKEN_LIFETIME
            session.address = address or session.address
            session.save(update_fields=["last_seen_at", "expires_at", "address"])
            User.objects.filter(pk=session.user_id).update(last_seen_at=now)
            return _hand_out(session)
    session_revoke(session=session, reason="reused")
    raise InvalidToken()


def _end(
    sessions: QuerySet[UserSession], *, user_id: uuid.UUID, reason: str, ids: Sequence[uuid.UUID] | None = None
) -> int:
    """Revoke those of `sessions` (all of this person; `ids` when known) that are alive and say so; how many died."""
    now = timezone.now()
    with transaction.atomic():
        count = sessions.filter(revoked_at__isnull=True).update(revoked_at=now, revoke_reason=reason)
        if count and (ids is None or count < len(ids)):
            # Exactly the rows of the update: one that another caller revoked meanwhile has another moment.
            ids = list(sessions.filter(revoked_at=now, revoke_reason=reason).values_list("pk", flat=True))
        if count and ids:
            events.emit(SessionsEnded(user_id=user_id, session_ids=tuple(ids), reason=reason))
    return count


def session_revoke(*, session: UserSession, reason: str) -> None:
    """Kill one session: tokens, site session and sockets are refused from now on. A second time changes nothing."""
    _end(UserSession.objects.filter(pk=session.pk), user_id=session.user_id, reason=reason, ids=[session.pk])


def session_revoke_by_id(*, session_id: str, reason: str) -> None:
    """`session_revoke` where only the id is known; nothing happens when there is no such session, or none alive."""
    session = UserSession.objects.filter(pk=session_id, revoked_at__isnull=True).first()
    if session is not None:
        session_revoke(session=session, reason=reason)


def session_end(*, session: UserSession, refresh_token: str = "") -> None:
    """Sign out: revoke this session, and the one `refresh_token` belongs to when it is the same person's."""
    found = Q(pk=session.pk)
    if refresh_token:
        found |= Q(refresh_tokens__token_hash=token_hash(refresh_token))
    ids = list(UserSession.objects.filter(found, user_id=session.user_id).values_list("pk", flat=True))
    _end(UserSession.objects.filter(pk__in=ids), user_id=session.user_id, reason="signed_out", ids=ids)


def session_end_by_token(*, user: User, refresh_token: str) -> None:
    """Sign out the session that a refresh token of `user` belongs to; nothing happens for another's token."""
    found = UserSession.objects.filter(user=user, refresh_tokens__token_hash=token_hash(refresh_token)).first()
    if found:
        session_revoke(session=found, reason="signed_out")


def sessions_revoke_all(*, user: User, reason: str, keep: UserSession | None = None) -> int:
    """Kill every session of `user` but `keep`, on apps and on the site; returns how many died."""
    alive = UserSession.objects.filter(user=user)
    if keep is not None:
        alive = alive.exclude(pk=keep.pk)
    return _end(alive, user_id=user.pk, reason=reason)


def sessions_trim() -> int:
    """Delete sessions that have been over for as long as a refresh token lives; returns how many rows went."""
    limit = timezone.now() - settings.REFRESH_TOKEN_LIFETIME
    return UserSession.objects.filter(Q(expires_at__lt=limit) | Q(revoked_at__lt=limit)).delete()[0]
