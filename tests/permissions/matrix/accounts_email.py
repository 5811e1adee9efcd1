"""Rows of e-mail addresses and passwords."""

from typing import Any

from accounts.models import EmailCode
from accounts.services.email_codes import email_code_make
from tests.permissions.rows import EVERYONE, SIGNED_IN, SIGNED_IN_PAGE, Row
from tests.permissions.world import PASSWORD

_ALL_302 = "302 302 302 302 302 302 302"
_ALL_422 = "422 422 422 422 422 422 422"
_NEW = "another passphrase 7"
# A code of the owner's works for whoever reads the owner's mail; one for a change of address only for the owner.
_OWNERS = "401 200 422 422 422 422 422"
_OWNERS_PAGE = "302 302 422 422 422 422 422"
_NEW_ADDRESS = {"email": "elsewhere@example.org", "password": PASSWORD}


def _code(world: Any, purpose: str) -> str:
    """A fresh code of the owner's: what an actor did before, this one too, was rolled back."""
    email = _NEW_ADDRESS["email"] if purpose == EmailCode.Purpose.CHANGE else ""
    return email_code_make(user=world.owner, purpose=purpose, email=email)


_API = [
    Row("POST", "api/v1/auth/verify-email", EVERYONE, body=lambda w: {"code": _code(w, "verify")}),
    Row("POST", "api/v1/auth/verify-email", _ALL_422, query="?wrong", body=lambda w: {"code": "AAAAA-AAAAA"}),
    Row("POST", "api/v1/auth/request-verification", EVERYONE, body=lambda w: {"email": w.owner.email}),
    Row("POST", "api/v1/auth/resend-verification", SIGNED_IN),
    Row("POST", "api/v1/auth/email", SIGNED_IN, body=lambda w: _NEW_ADDRESS),
    Row("POST", "api/v1/auth/email/confirm", _OWNERS, body=lambda w: {"code": _code(w, "change")}),
    Row("POST", "api/v1/auth/forgot-password", EVERYONE, body=lambda w: {"email": w.owner.email}),
    Row(
        "POST",
        "api/v1/auth/reset-password",
        EVERYONE,
        body=lambda w: {"token": _code(w, "reset"), "password": _NEW},
    ),
    Row(
        "POST",
        "api/v1/auth/reset-password",
        _ALL_422,
        query="?wrong",
        body=lambda w: {"token": "hpr_nothing", "password": _NEW},
    ),
    Row("POST", "api/v1/auth/password", SIGNED_IN, body=lambda w: {"current_password": PASSWORD, "password": _NEW}),
]

_PAGES = [
    Row("GET", "accounts/verify-email", EVERYONE),
    Row("POST", "accounts/verify-email", _ALL_302, body=lambda w: {"code": _code(w, "verify")}),
    Row("GET", "accounts/confirm-email/", _ALL_302),
    Row("GET", "accounts/email/", _ALL_302),
    Row("GET", ".well-known/change-password", _ALL_302),
    Row("GET", "accounts/password/reset/", EVERYONE),
    Row("POST", "accounts/password/reset/", _ALL_302, body=lambda w: {"email": w.owner.email}),
    Row("GET", "accounts/password/reset/done/", EVERYONE),
    Row("GET", "accounts/password/reset/key", EVERYONE),
    Row(
        "POST",
        "accounts/password/reset/key",
        _ALL_302,
        body=lambda w: {"token": _code(w, "reset"), "password": _NEW},
    ),
    Row("GET", "accounts/password/reset/key/done/", EVERYONE),
    Row("GET", "settings/account", SIGNED_IN_PAGE),
    Row("GET", "settings/account/email", _ALL_302),
    Row("POST", "settings/account/email", _ALL_302, body=lambda w: _NEW_ADDRESS),
    Row("GET", "settings/account/confirm", SIGNED_IN_PAGE),
    Row("POST", "settings/account/confirm", _OWNERS_PAGE, body=lambda w: {"code": _code(w, "change")}),
    Row("GET", "settings/account/resend", _ALL_302),
    Row("POST", "settings/account/resend", _ALL_302),
    Row("GET", "settings/password", SIGNED_IN_PAGE),
    Row("POST", "settings/password", _ALL_302, body=lambda w: {"current_password": PASSWORD, "password": _NEW}),
]

ROWS = [*_API, *_PAGES]
