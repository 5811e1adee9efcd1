"""Rows of accounts: the API's sign-in, allauth's pages, the settings page, the admin's door."""

from typing import Any

from tests.permissions.rows import EVERYONE, SIGNED_IN, SIGNED_IN_204, SIGNED_IN_PAGE, Row
from tests.permissions.world import PASSWORD

_ALL_201 = "201 201 201 201 201 201 201"
_ALL_302 = "302 302 302 302 302 302 302"
_ALL_401 = "401 401 401 401 401 401 401"
_AWAY = "200 302 302 302 302 302 302"  # who is signed in is sent on
_ATTEMPTS = frozenset({"accounts_signinattempt"})
_PROFILE = {"display_name": "Name", "bio": "", "title_language": "native", "birth_date": ""}


def _new_account(world: Any) -> dict[str, str]:
    return {"username": "newcomer", "email": "newcomer@example.org", "password": "a passphrase 77"}


def _sign_in(world: Any) -> dict[str, str]:
    return {"identifier": world.owner.email, "password": PASSWORD}


def _wrong(world: Any) -> dict[str, str]:
    return {"identifier": world.owner.email, "password": "a wrong passphrase"}


_API = [
    Row("POST", "api/v1/auth/register", _ALL_201, body=_new_account),
    Row("POST", "api/v1/auth/login", EVERYONE, body=_sign_in),
    Row("POST", "api/v1/auth/login", _ALL_401, query="?wrong", body=_wrong, may_write=_ATTEMPTS),
    # An access token is no refresh token, whoever holds it.
    Row("POST", "api/v1/auth/refresh", _ALL_401),
    Row("POST", "api/v1/auth/logout", SIGNED_IN_204),
    Row("GET", "api/v1/auth/me", SIGNED_IN),
]

_PAGES = [
    Row("GET", "settings", SIGNED_IN_PAGE),
    Row("POST", "settings", _ALL_302, body=lambda w: _PROFILE),
    Row("GET", "accounts/login/", _AWAY),
    Row("POST", "accounts/login/", _ALL_302, body=lambda w: {"login": w.owner.username, "password": PASSWORD}),
    Row("GET", "accounts/logout/", "302 200 200 200 200 200 200"),
    Row("POST", "accounts/logout/", _ALL_302),
    Row("GET", "accounts/inactive/", EVERYONE),
    Row("GET", "accounts/signup/", _AWAY),
    Row(
        "POST",
        "accounts/signup/",
        _ALL_302,
        body=lambda w: {"username": "newcomer", "email": "newcomer@example.org", "password1": "a passphrase 77"},
    ),
    Row("GET", "accounts/reauthenticate/", SIGNED_IN_PAGE),
    Row("POST", "accounts/reauthenticate/", _ALL_302, body=lambda w: {"password": PASSWORD}),
]

_ADMIN = [
    Row("GET", "admin/", "302 302 302 302 200 200 200"),
    # Strangers go to the site's sign-in, who may not enter is told so.
    Row("GET", "admin/login/", "302 403 403 403 302 302 302"),
    Row("GET", "admin/logout/", "302 302 302 302 405 405 405"),
]

ROWS = [*_API, *_PAGES, *_ADMIN]
