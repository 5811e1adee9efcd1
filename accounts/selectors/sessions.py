"""Finding the session that a credential belongs to, and the sessions of a person."""

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.errors import InvalidToken
from accounts.models import SessionKind, User, UserSession
from accounts.services.tokens import access_token_read
from core.kept_queries import KeptQuery

SHOWN = 200


def is_alive(session: UserSession) -> bool:
    """Whether the session still counts: not revoked, not over, its person neither suspended nor erased (threat 24)."""
    user = session.user
    is_over = session.revoked_at is not None or session.expires_at <= timezone.now()
    return not is_over and user.is_active and user.erased_at is None


_WITH_PERSON = KeptQuery(
    lambda session_id, user_id: UserSession.objects.select_related("user__avatar", "user__totp_device").filter(
        pk=session_id, user_id=user_id
    ),
    session_id=uuid.UUID,
    user_id=uuid.UUID,
)


def session_with_person(session_id: uuid.UUID | str, user_id: uuid.UUID | str) -> UserSession | None:
    """This row of this person, alive or not, with the person and the avatar, in one query."""
    found: UserSession | None = _WITH_PERSON.first(
        session_id=uuid.UUID(str(session_id)), user_id=uuid.UUID(str(user_id))
    )
    return found


def session_by_access_token(token: str) -> UserSession:
    """The living session of an access token, its person and avatar selected, in one query. Raises `InvalidToken`.

    HTTP asks on every request and sockets when they open, so a revoked session or a suspended account is refused at once
    (threat 24).
    """
    claims = access_token_read(token)
    session = session_with_person(claims.session_id, claims.user_id)
    if session is None or session.kind != SessionKind.API or not is_alive(session):
        raise InvalidToken()
    return session


def sessions_alive() -> QuerySet[UserSession]:
    """All sessions that count now; the database's words for `is_alive`."""
    person = Q(user__is_active=True, user__erased_at__isnull=True)
    return UserSession.objects.filter(person, revoked_at__isnull=True, expires_at__gt=timezone.now())


def sessions_of(user: User) -> QuerySet[UserSession]:
    """The active sessions of a person, on apps and on the site, newest seen first."""
    return sessions_alive().filter(user=user).order_by("-last_seen_at", "-id")


def sessions_shown(user: User) -> list[UserSession]:
    """`sessions_of` as far as anybody reads: a script that signs in again and again makes thousands."""
    return list(sessions_of(user)[:SHOWN])


def session_ids_alive(session_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these sessions still count, in one query."""
    return set(sessions_alive().filter(pk__in=list(session_ids)).values_list("pk", flat=True))
