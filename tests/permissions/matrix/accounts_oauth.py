"""Rows of signing in through other sites; Google is configured in tests, and the owner has linked it."""

from typing import Any

from allauth.socialaccount.models import SocialAccount

from tests.permissions.rows import NOBODY, SIGNED_IN, SIGNED_IN_PAGE, Row

_ALL_302 = "302 302 302 302 302 302 302"
_ALL_400 = "400 400 400 400 400 400 400"
_ONE = "api/v1/auth/oauth/<str:provider>"
_GOOGLE = "/api/v1/auth/oauth/google"
_DISCORD = "/api/v1/auth/oauth/discord"


def setup(world: Any) -> None:
    SocialAccount.objects.create(user=world.owner, provider="google", uid="1")


def _code(world: Any) -> dict[str, str]:
    return {"code": "hoc_nothing", "code_verifier": "v" * 43}


ROWS = [
    Row("GET", "api/v1/auth/oauth/providers", SIGNED_IN),
    Row("POST", "api/v1/auth/oauth/token", _ALL_400, body=_code),
    Row("GET", _ONE, _ALL_302, path=_GOOGLE),
    Row("GET", _ONE, NOBODY, path=_DISCORD, query="?"),
    Row("GET", f"{_ONE}/callback", _ALL_400, path=f"{_GOOGLE}/callback"),
    Row("GET", f"{_ONE}/callback", NOBODY, path=f"{_DISCORD}/callback", query="?"),
    Row("POST", f"{_ONE}/link", SIGNED_IN, path=f"{_GOOGLE}/link"),
    Row("POST", f"{_ONE}/link", "401 404 404 404 404 404 404", path=f"{_DISCORD}/link", query="?"),
    Row("DELETE", f"{_ONE}/link", "401 204 404 404 404 404 404", path=f"{_GOOGLE}/link"),
    Row("GET", "settings/linked", SIGNED_IN_PAGE),
    Row("POST", "settings/linked", _ALL_302, body=lambda w: {"provider": "google"}),
    # Both need somebody who has just been at a provider in this browser.
    Row("GET", "accounts/3rdparty/signup/", _ALL_302),
    Row("POST", "accounts/3rdparty/signup/", _ALL_302, body=lambda w: {"email": "new@example.org"}),
    Row("GET", "accounts/3rdparty/link/", _ALL_400),
    Row("POST", "accounts/3rdparty/link/", _ALL_400),
]
