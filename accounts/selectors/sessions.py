"""Finding the session that a credential belongs to."""

from django.utils import timezone

from accounts.errors import InvalidToken
from accounts.models import UserSession
from accounts.services.tokens import access_token_read


def session_by_access_token(token: str) -> UserSession:
    """The living session of an access token, its person and avatar selected, in one query. Raises `InvalidToken`.

    HTTP asks on every request and sockets when they open, so a revoked session or a suspended account is refused at once
    (threat 24).
    """
    claims = access_token_read(token)
    session = (
        UserSession.objects.select_related("user__avatar")
        .filter(pk=claims.session_id, user_id=claims.user_id, revoked_at__isnull=True, expires_at__gt=timezone.now())
        .first()
    )
    if session is None or not session.user.is_active:
        raise InvalidToken()
    return session
