"""How the API answers somebody who is let in, or asked for their second factor first; every way in ends here."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import device_cookie
from accounts.api import refresh_cookie
from accounts.api.origin import is_browser
from accounts.api.serializers.sign_in import ChallengeOut, SignedInOut
from accounts.models import User
from accounts.selectors.two_factor import is_two_factor_on
from accounts.services.challenges import LIFETIME, challenge_start
from accounts.services.known_devices import device_tokens_read
from accounts.services.sessions import SignedIn
from accounts.services.sign_in import sign_in_complete
from core.proxies import client_address

NO_STORE = {"Cache-Control": "no-store"}


def device_tokens(request: Request, given: str = "") -> list[str]:
    """What the client keeps of earlier sign-ins: named in the body, or in the browser's cookie."""
    return device_tokens_read(given) or device_cookie.cookie_read(request)


def tokens_respond(
    request: Request, signed_in: SignedIn, *, client: str | None = None, kept: str = "", status: int = 200
) -> Response:
    """A token pair. `client`: "web" or "mobile"; browsers count as web when it is not said.

    The refresh token (and `kept`, the device's) goes into an HttpOnly cookie for web, into the body for mobile, both ways
    for the undecided.
    """
    client = client or ("web" if is_browser(request) else None)
    body: dict[str, Any] = {
        "access_token": signed_in.access_token,
        "token_type": "Bearer",
        "expires_in": int(settings.ACCESS_TOKEN_LIFETIME.total_seconds()),
        "user": signed_in.session.user,
    }
    if client != "web":
        body |= {"refresh_token": signed_in.refresh_token, **({"device_token": kept} if kept else {})}
    response = Response(SignedInOut(body).data, status=status, headers=NO_STORE)
    if client != "mobile":
        refresh_cookie.cookie_set(response, request, signed_in.refresh_token)
        if kept:
            device_cookie.cookie_set(response, request, kept)
    return response


def signed_in_respond(
    request: Request, user: User, *, client: str | None = None, tokens: Sequence[str] = (), status: int = 200
) -> Response:
    """Start a session on this device and hand its tokens out (`tokens_respond`); `tokens`: what `device_tokens` found."""
    signed_in, kept = sign_in_complete(
        user=user,
        device=request.headers.get("User-Agent", ""),
        address=client_address(request),
        device_tokens=tokens,
    )
    return tokens_respond(request, signed_in, client=client, kept=kept, status=status)


def signed_in_or_challenged(
    request: Request, user: User, *, client: str | None = None, tokens: Sequence[str] = ()
) -> Response:
    """`signed_in_respond`, or a challenge and nothing else when the account has two-factor sign-in on."""
    if not is_two_factor_on(user):
        return signed_in_respond(request, user, client=client, tokens=tokens)
    body = {
        "requires_2fa": True,
        "challenge_token": challenge_start(user=user),
        "expires_in": int(LIFETIME.total_seconds()),
    }
    return Response(ChallengeOut(body).data, headers=NO_STORE)
