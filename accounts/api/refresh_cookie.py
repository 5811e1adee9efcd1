"""The cookie that carries a web client's refresh token: scripts cannot read it, other sites cannot make it be sent."""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

NAME = "refresh_token"
PATH = "/api/v1/auth"


def cookie_set(response: Response, request: Request, token: str) -> None:
    """HttpOnly, SameSite=Strict, only for /api/v1/auth, Secure over https, as long as the token lives."""
    response.set_cookie(
        NAME,
        token,
        max_age=int(settings.REFRESH_TOKEN_LIFETIME.total_seconds()),
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
        httponly=True,
        samesite="Strict",
    )


def cookie_clear(response: Response) -> None:
    response.delete_cookie(NAME, path=PATH, samesite="Strict")
