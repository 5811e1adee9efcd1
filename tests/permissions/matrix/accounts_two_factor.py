"""Rows of two-factor sign-in: its API, its settings pages, the second step of signing in, passkeys.

`owner` has it on, the others have not.
"""

from typing import Any

from django.utils import timezone

from accounts.models import RecoveryCode, TotpDevice
from accounts.services.challenges import challenge_start
from accounts.tests.passkeys import passkey_of
from core.secrets import code_hash, secret_seal
from tests.permissions.rows import SIGNED_IN_PAGE, Row
from tests.permissions.world import PASSWORD

_ALL_200 = "200 200 200 200 200 200 200"
_ALL_302 = "302 302 302 302 302 302 302"
_ALL_401 = "401 401 401 401 401 401 401"
_OWNER_PAGE = "302 200 302 302 302 302 302"  # the others have nothing to change
_CODE = "K7QF3-MX9PA"
_TRIES = frozenset({"accounts_signinattempt", "accounts_signinchallenge"})
_KEYS = "accounts/2fa/webauthn/"


def setup(world: Any) -> None:
    secret = secret_seal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", purpose="totp")
    TotpDevice.objects.create(user=world.owner, secret=secret, confirmed_at=timezone.now())
    RecoveryCode.objects.create(user=world.owner, code_hash=code_hash(_CODE, purpose="recovery"))
    world.challenge = challenge_start(user=world.owner)
    world.passkey = passkey_of(world.owner)[1]


def _answer(code: str) -> Any:
    return lambda world: {"challenge_token": world.challenge, "code": code}


_API = [
    Row("POST", "api/v1/auth/2fa/setup", "401 409 200 200 200 200 200"),
    # Nobody has set anything up: it is the code of the owner's account that changes nothing for the others.
    Row("POST", "api/v1/auth/2fa/enable", "401 409 409 409 409 409 409", body=lambda w: {"code": "123456"}),
    Row("DELETE", "api/v1/auth/2fa/disable", "401 204 409 409 409 409 409", body=lambda w: {"password": PASSWORD}),
    Row("POST", "api/v1/auth/2fa/backup-codes", "401 200 409 409 409 409 409"),
    Row("POST", "api/v1/auth/2fa/verify-login", _ALL_200, body=_answer(_CODE)),
    Row("POST", "api/v1/auth/2fa/verify-login", _ALL_401, query="?wrong", body=_answer("nothing"), may_write=_TRIES),
]

_SETTINGS = [
    Row("GET", "settings/security", SIGNED_IN_PAGE),
    Row("GET", "settings/security/two-factor/begin", _ALL_302),
    Row("POST", "settings/security/two-factor/begin", _ALL_302),
    Row("GET", "settings/security/two-factor", _ALL_302),  # nothing was begun
    Row("POST", "settings/security/two-factor", _ALL_302, body=lambda w: {"code": "123456"}),
    Row("GET", "settings/security/two-factor/off", _OWNER_PAGE),
    Row("POST", "settings/security/two-factor/off", _ALL_302, body=lambda w: {"password": PASSWORD}),
    Row("GET", "settings/security/recovery-codes", _OWNER_PAGE),
    Row("POST", "settings/security/recovery-codes", _OWNER_PAGE),
]

_ENTRANCE = [
    # There is no question without a password before it.
    Row("GET", "accounts/2fa/authenticate/", _ALL_302),
    Row("POST", "accounts/2fa/authenticate/", _ALL_302, body=lambda w: {"code": _CODE}),
    Row("GET", "accounts/2fa/reauthenticate/", "302 200 302 302 302 302 302"),
    Row("POST", "accounts/2fa/reauthenticate/", "302 302 302 302 302 302 302", body=lambda w: {"code": _CODE}),
    Row("GET", _KEYS + "login/", _ALL_302),
    Row("POST", _KEYS + "login/", _ALL_302, body=lambda w: {"credential": "{}"}),
]

_PASSKEYS = [
    # Everybody is asked who they are first; what follows is in accounts/tests/pages/test_security_pages.py.
    Row("GET", _KEYS + "add/", _ALL_302),
    Row("POST", _KEYS + "add/", _ALL_302, body=lambda w: {"name": "Mine", "credential": "{}"}),
    Row("GET", _KEYS + "reauthenticate/", "302 200 302 302 302 302 302"),
    Row("POST", _KEYS + "reauthenticate/", _ALL_302, body=lambda w: {"credential": "{}"}),
    *(
        Row(method, _KEYS + f"keys/<int:pk>/{what}/", _ALL_302, path=path, body=body)
        for what, path, body in (
            ("edit", lambda w: f"/{_KEYS}keys/{w.passkey.pk}/edit/", lambda w: {"name": "Other"}),
            ("remove", lambda w: f"/{_KEYS}keys/{w.passkey.pk}/remove/", None),
        )
        for method in ("GET", "POST")
    ),
    Row("DELETE", _KEYS + "keys/<int:pk>/remove/", _ALL_302, path=lambda w: f"/{_KEYS}keys/{w.passkey.pk}/remove/"),
]

ROWS = [*_API, *_SETTINGS, *_ENTRANCE, *_PASSKEYS]
