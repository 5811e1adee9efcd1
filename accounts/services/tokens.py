"""Making and reading tokens: access tokens are signed and short-lived, refresh tokens are random and stored as hashes."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from functools import cache

import jwt
from django.conf import settings
from django.utils import timezone

from accounts.errors import InvalidToken
from accounts.models import UserSession

ALGORITHM = "HS256"
LEEWAY = 10  # seconds; a token made on one host is used on another at once, and clocks differ
_CLAIMS = ["sub", "sid", "iat", "exp", "jti", "typ"]


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Who the token says it is; the session row decides whether that still holds."""

    user_id: uuid.UUID
    session_id: uuid.UUID


@cache
def _signing_key(secret: str) -> bytes:
    """A key of its own, so that nothing else that SECRET_KEY signs can pass for an access token."""
    return hashlib.blake2b(
        b"hiroba.access-token", key=hashlib.sha512(secret.encode()).digest(), digest_size=64
    ).digest()


def access_token_make(session: UserSession) -> str:
    """A JWT for this session, valid ACCESS_TOKEN_LIFETIME (15 minutes). It carries no role: rights are read from the row."""
    now = timezone.now()
    claims = {
        "typ": "access",
        "sub": str(session.user_id),
        "sid": str(session.pk),
        "jti": secrets.token_urlsafe(12),
        "iat": now,
        "exp": now + settings.ACCESS_TOKEN_LIFETIME,
    }
    return jwt.encode(claims, _signing_key(settings.SECRET_KEY), algorithm=ALGORITHM)


def access_token_read(token: str) -> AccessClaims:
    """The claims of a token we signed; raises `InvalidToken`.

    One algorithm and one key: what the header says of `alg`, `kid`, `jku`, `jwk` or `x5u` is never followed (threat 22).
    """
    try:
        claims = jwt.decode(
            token,
            _signing_key(settings.SECRET_KEY),
            algorithms=[ALGORITHM],
            leeway=LEEWAY,
            options={"require": _CLAIMS},
        )
        if claims["typ"] != "access":
            raise InvalidToken()
        return AccessClaims(user_id=uuid.UUID(claims["sub"]), session_id=uuid.UUID(claims["sid"]))
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
        raise InvalidToken() from error
