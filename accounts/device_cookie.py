"""The cookie by which a browser is known again when its person signs in (`services/known_devices.py`)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from accounts.services.known_devices import device_tokens_read

NAME = "device"
AGE = 365 * 24 * 3600  # seconds


def cookie_read(request: HttpRequest | Request) -> list[str]:
    """The device tokens that the browser keeps."""
    return device_tokens_read(request.COOKIES.get(NAME, ""))


def cookie_set(response: HttpResponse, request: HttpRequest | Request, kept: str) -> None:
    """HttpOnly, SameSite=Lax, Secure over https, for a year from the last sign-in; for the site and the API."""
    response.set_cookie(
        NAME,
        kept,
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
