"""The account's e-mail address: verifying it, changing it.

`User.email` and `User.is_verified` are the truth. allauth keeps a table of its own, which its social sign-in reads: here it is
a mirror of at most one row a person, written with every change, so that an address that somebody left is free again.
"""

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.errors import EmailAlreadyVerified, PasswordRequired
from accounts.models import EmailCode, User
from accounts.notices import SecurityChange
from accounts.services.email_codes import email_code_send, email_code_use, email_codes_end
from accounts.services.mails import mail_send
from accounts.services.notices import notice_send
from accounts.services.sign_in import password_confirm
from accounts.validation import email_clean
from core.errors import ValidationFailed

Purpose = EmailCode.Purpose


def email_mirror(*, user: User) -> None:
    """Write what we know of the person's address into allauth's table; rows that say otherwise are wrong and go."""
    EmailAddress.objects.filter(Q(user=user) ^ Q(email=user.email)).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": user.is_verified}
    )


def email_verified_set(*, user: User, email: str) -> None:
    """Note that `user` proved to read `email`; counts only while it is the account's own address."""
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, email=email.lower()).update(is_verified=True):
            user.is_verified = True
            email_mirror(user=user)


def email_verify(*, code: str) -> User:
    """Verify the address that a code was mailed to. Raises `EmailCodeInvalid`."""
    with transaction.atomic():
        used = email_code_use(purpose=Purpose.VERIFY, code=code)
        email_verified_set(user=used.user, email=used.email)
    return used.user


def email_verification_resend(*, user: User) -> None:
    """Mail a new code to the person's address. Raises `EmailAlreadyVerified`."""
    if user.is_verified:
        raise EmailAlreadyVerified()
    email_code_send(user=user, purpose=Purpose.VERIFY)


def _free(email: str) -> str:
    try:
        return email_clean(email)
    except ValidationError as error:
        raise ValidationFailed({"email": error.messages}) from error


def email_change_ask(*, user: User, email: str, password: str, address: str, device_tokens: Sequence[str] = ()) -> None:
    """Mail a code to the new address, which becomes the account's when the code comes back. Nothing changes until then.

    Raises `ValidationFailed` (`email` taken or malformed, `password` wrong), `TooManyFailures`, or `PasswordRequired`:
    without a password a stolen session could take the account over.
    """
    if not user.has_usable_password():
        raise PasswordRequired()
    password_confirm(user=user, password=password, address=address, device_tokens=device_tokens)
    email_code_send(user=user, purpose=Purpose.CHANGE, email=_free(email))


def email_change_confirm(*, user: User, code: str) -> User:
    """Take the address that the code was mailed to, and tell the old one.

    Codes sent to the old address work no more. Raises `EmailCodeInvalid`, or `ValidationFailed` (`email`) when another
    account took the address in the meantime.
    """
    try:
        with transaction.atomic():
            used = email_code_use(purpose=Purpose.CHANGE, code=code, user=user)
            old = User.objects.select_for_update().get(pk=user.pk).email
            User.objects.filter(pk=user.pk).update(email=used.email, is_verified=True)
            user.email, user.is_verified = used.email, True
            email_mirror(user=user)
            email_codes_end(user=user)
            notice_send(user=user, kind="security_change", context={"change": SecurityChange.EMAIL.value})
            mail_send(to=old, template="address_changed", context={"username": user.username, "email": used.email})
    except IntegrityError as error:
        user.refresh_from_db(fields=["email", "is_verified"])
        _free(used.email)  # somebody took it between the code and now: said like any taken address
        raise ValidationFailed({"email": [_("This address could not be taken. Try again.")]}) from error
    return user
