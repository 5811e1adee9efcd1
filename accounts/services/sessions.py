"""Sessions of API clients: start, rotate, end (threats 23 and 24)."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.errors import InvalidToken
from accounts.models import RefreshToken, User, UserSession
from accounts.services import tokens
from core.secrets import token_hash, token_make


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


def session_start(*, user: User, device: str = "", address: str | None = None) -> SignedIn:
    """Sign `user` in on one device: a new family of refresh tokens. `device` is the client's User-Agent."""
    now = timezone.now()
    with transaction.atomic():
        session = UserSession.objects.create(
            user=user,
            device=device.replace("\x00", "")[:200],
            address=address or None,
            expires_at=now + settings.REFRESH_TOKEN_LIFETIME,
        )
        User.objects.filter(pk=user.pk).update(last_login=now, last_seen_at=now)
        return _hand_out(session)


def session_refresh(*, refresh_token: str, address: str | None = None) -> SignedIn:
    """Exchange a refresh token for a new pair; the old one is spent by one conditional update, so exactly one caller wins.

    A spent token that comes back means that two hold it: the whole family dies and both have to sign in again. There is
    no grace for parallel refreshes, so a client must send one at a time. Raises `InvalidToken`.
    """
    now = timezone.now()
    digest = token_hash(refresh_token)
    with transaction.atomic():
        is_first_use = RefreshToken.objects.filter(token_hash=digest, used_at__isnull=True).update(used_at=now) == 1
        found = RefreshToken.objects.select_related("session__user__avatar").filter(token_hash=digest).first()
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


def session_revoke(*, session: UserSession, reason: str) -> None:
    """Kill one session: its refresh tokens and its access tokens are refused from now on. A second time changes nothing."""
    UserSession.objects.filter(pk=session.pk, revoked_at__isnull=True).update(
        revoked_at=timezone.now(), revoke_reason=reason
    )


def session_end(*, session: UserSession, refresh_token: str = "") -> None:
    """Sign out: revoke this session, and the one `refresh_token` belongs to when it is the same person's."""
    found = Q(pk=session.pk)
    if refresh_token:
        found |= Q(refresh_tokens__token_hash=token_hash(refresh_token))
    ids = list(UserSession.objects.filter(found, user_id=session.user_id).values_list("pk", flat=True))
    UserSession.objects.filter(pk__in=ids, revoked_at__isnull=True).update(
        revoked_at=timezone.now(), revoke_reason="signed_out"
    )


def session_end_by_token(*, user: User, refresh_token: str) -> None:
    """Sign out the session that a refresh token of `user` belongs to; nothing happens for another's token."""
    found = UserSession.objects.filter(user=user, refresh_tokens__token_hash=token_hash(refresh_token)).first()
    if found:
        session_revoke(session=found, reason="signed_out")


def sessions_revoke_all(*, user: User, reason: str, keep: UserSession | None = None) -> int:
    """Kill every session of `user` but `keep`; returns how many died."""
    alive = UserSession.objects.filter(user=user, revoked_at__isnull=True)
    if keep is not None:
        alive = alive.exclude(pk=keep.pk)
    return alive.update(revoked_at=timezone.now(), revoke_reason=reason)


def sessions_trim() -> int:
    """Delete sessions that have been over for as long as a refresh token lives; returns how many rows went."""
    limit = timezone.now() - settings.REFRESH_TOKEN_LIFETIME
    return UserSession.objects.filter(Q(expires_at__lt=limit) | Q(revoked_at__lt=limit)).delete()[0]
