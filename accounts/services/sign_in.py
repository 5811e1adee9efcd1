"""Checking a name and a password: the one way in, for the API, the site and the admin."""

from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import AccountInactive, InvalidCredentials
from accounts.models import User
from accounts.selectors.users import user_by_identifier
from accounts.services import lockout
from accounts.services.known_devices import device_remember, known_device
from accounts.services.sessions import SignedIn, session_start
from accounts.validation import PASSWORD_MAX
from core.errors import ServiceUnavailable, ValidationFailed


@cache
def _nobodys_hash(hasher: str) -> str:
    """What a password is checked against when there is no such account, so that the answer takes as long (threat 27)."""
    return make_password("nobody has this password")


def password_matches(user: User | None, password: str) -> bool:
    """Whether it is the password of `user`; takes the same time for nobody. Upgrades a hash of an older cost.

    Raises `ServiceUnavailable` when too many wait to be hashed (`hashers.py`).
    """
    password = password[: PASSWORD_MAX + 1]
    nobodys = _nobodys_hash(settings.PASSWORD_HASHERS[0])
    if user is None or not user.has_usable_password():
        check_password(password, nobodys)
        return False
    return user.check_password(password)


def _evaluate(attempt: lockout.Attempt, user: User | None, password: str) -> bool:
    """`password_matches`; an attempt that nobody had the time to look at is not counted."""
    try:
        return password_matches(user, password)
    except ServiceUnavailable:
        lockout.attempt_withdraw(attempt)
        raise


def credentials_match(*, identifier: str, password: str, address: str, device_tokens: Sequence[str] = ()) -> User:
    """The account that `identifier` (an e-mail address or a username) and `password` open, suspended or not.

    `device_tokens`: what the client keeps of earlier sign-ins (`known_devices`). Raises `TooManyFailures` (locked) or
    `InvalidCredentials` (wrong, or no such account).
    """
    user = user_by_identifier(identifier)
    device = known_device(user=user, tokens=device_tokens)
    attempt = lockout.attempt_begin(
        address=address,
        account=str(user.pk) if user else f"name:{identifier.strip().lower()}",
        device=device.pk if device else None,
    )
    if not _evaluate(attempt, user, password) or user is None:
        raise InvalidCredentials()
    lockout.attempt_succeeded(attempt)
    return user


def credentials_check(*, identifier: str, password: str, address: str, device_tokens: Sequence[str] = ()) -> User:
    """`credentials_match` for somebody who may sign in; raises `AccountInactive` too (right, but suspended)."""
    user = credentials_match(identifier=identifier, password=password, address=address, device_tokens=device_tokens)
    if not user.is_active:
        raise AccountInactive()
    return user


def password_confirm(*, user: User, password: str, address: str, device_tokens: Sequence[str] = ()) -> None:
    """Make sure that whoever is signed in as `user` knows the password; counted like a sign-in.

    Raises `ValidationFailed` (`password`) or `TooManyFailures`.
    """
    device = known_device(user=user, tokens=device_tokens)
    attempt = lockout.attempt_begin(address=address, account=str(user.pk), device=device.pk if device else None)
    if not _evaluate(attempt, user, password):
        raise ValidationFailed({"password": [_("The password is not right.")]})
    lockout.attempt_succeeded(attempt)


def sign_in_complete(
    *, user: User, device: str, address: str, device_tokens: Sequence[str] = ()
) -> tuple[SignedIn, str]:
    """Let an app in whose person was checked: a session with its tokens, and what the device keeps to be known again.

    `device` is the client's User-Agent.
    """
    with transaction.atomic():
        kept = device_remember(user=user, tokens=device_tokens, device=device, address=address)
        return session_start(user=user, device=device, address=address), kept
