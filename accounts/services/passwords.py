"""Passwords: the first one, a new one, and a reset by mail."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.models import EmailCode, OAuthGrant, SignInChallenge, User, UserSession
from accounts.notices import SecurityChange
from accounts.services.email_addresses import email_verified_set
from accounts.services.email_codes import email_code_ask, email_code_find, email_code_use, email_codes_end
from accounts.services.notices import notice_send
from accounts.services.sessions import sessions_revoke_all
from accounts.services.sign_in import password_confirm
from accounts.services.ways_in import ways_in_forget
from accounts.validation import password_clean
from core.errors import Text, ValidationFailed

Purpose = EmailCode.Purpose


def _fit(password: str, user: User) -> str:
    try:
        return password_clean(password, user)
    except ValidationError as error:
        raise ValidationFailed({"password": error.messages}) from error


def password_set(*, user: User, password: str, keep: UserSession | None = None) -> None:
    """Set a password that `validation.password_clean` accepted, and shut everybody out who came in by the old one.

    Every session but `keep` ends, sign-ins that wait for their second factor too, and reset links are over. Call it outside
    of transactions: hashing would keep their locks.
    """
    user.set_password(password)
    _password_store(user, keep)


def _password_store(user: User, keep: UserSession | None = None) -> None:
    with transaction.atomic():
        user.save(update_fields=["password"])
        old_password_end(user=user, keep=keep)


def old_password_end(*, user: User, keep: UserSession | None = None) -> None:
    """Shut out who came in by the password that was replaced: sessions but `keep`, waiting second factors, reset links."""
    with transaction.atomic():
        sessions_revoke_all(user=user, reason="password", keep=keep)
        SignInChallenge.objects.filter(user=user).delete()
        OAuthGrant.objects.filter(user=user).delete()
        email_codes_end(user=user, purposes=[Purpose.RESET])
        notice_send(user=user, kind="security_change", context={"change": SecurityChange.PASSWORD.value})


def password_change(
    *,
    user: User,
    password: str,
    current_password: str = "",
    confirm_email: str = "",
    address: str,
    device_tokens: Sequence[str] = (),
    keep: UserSession | None = None,
) -> None:
    """Reference, POST /auth/password: an account with a password proves it with that, one that signs in through providers only
    sets its first with the account's e-mail address. Every session but `keep` ends.

    A wrong current password counts into the lock-out of sign-in (`TooManyFailures`), so that a stolen session cannot guess it.
    Raises `ValidationFailed` with `password`, `current_password` or `confirm_email`.
    """
    _fit(password, user)
    if user.has_usable_password():
        _prove(user, current_password, address, device_tokens)
    elif not constant_time_compare(confirm_email.strip().lower(), user.email.lower()):
        words: Text = _("This is not the e-mail address of your account.")
        raise ValidationFailed({"confirm_email": [words]})
    password_set(user=user, password=password, keep=keep)


def _prove(user: User, current_password: str, address: str, device_tokens: Sequence[str]) -> None:
    if not current_password:
        raise ValidationFailed({"current_password": [_("Give your current password.")]})
    try:
        password_confirm(user=user, password=current_password, address=address, device_tokens=device_tokens)
    except ValidationFailed as error:
        raise ValidationFailed({"current_password": error.extra["fields"]["password"]}) from error


def password_forgotten(*, email: str) -> None:
    """Mail a link to choose a new password, when the address has an account; nobody can tell from here (threat 27)."""
    email_code_ask(email=email, purpose=Purpose.RESET)


def password_reset(*, token: str, password: str) -> User:
    """Set the password that whoever reads the account's mail chose. Every session ends and none begins: the next sign-in asks
    for the second factor as ever (threat 26). Where nobody had proved the address before, other ways in go as well: whoever
    made the account may be somebody else.

    Raises `EmailCodeInvalid` (`token`), or `ValidationFailed` (`password`), which leaves the token as it was.
    """
    user = email_code_find(purpose=Purpose.RESET, code=token).user
    _fit(password, user)
    user.set_password(password)
    with transaction.atomic():
        used = email_code_use(purpose=Purpose.RESET, code=token)
        _password_store(user)
        if not user.is_verified:
            ways_in_forget(user=user)
        email_verified_set(user=user, email=used.email)
    return user
