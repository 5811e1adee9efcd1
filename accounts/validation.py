"""What a name, an e-mail address and a password must be; the API's register and the site's sign-up share it."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.users import username_validator
from accounts.selectors.users import user_by_email, user_by_username

PASSWORD_MAX = 256  # characters; what argon2 gets is bounded
_email_validator = EmailValidator()


def username_clean(username: str) -> str:
    """A free name of 3–30 of [A-Za-z0-9_], its case kept; raises ValidationError."""
    username_validator(username)
    if user_by_username(username):
        raise ValidationError(_("This name is taken."), code="username_taken")
    return username


def email_clean(email: str) -> str:
    """The address in lower case; raises ValidationError.

    That an address has an account is said openly: people expect it at sign-up, the site has no other way to tell them
    (verification is optional), and register is throttled per address. Sign-in and password reset never tell.
    """
    email = email.strip().lower()
    _email_validator(email)
    if len(email) > 254:
        raise ValidationError(_("This address is too long."), code="email_too_long")
    if user_by_email(email):
        raise ValidationError(_("An account with this e-mail address exists. Sign in instead."), code="email_taken")
    return email


def password_clean(password: str, user: User | None = None) -> str:
    """At least 8 characters, at most 256, none of the commonest; raises ValidationError."""
    if len(password) > PASSWORD_MAX:
        raise ValidationError(_("At most %(max)s characters."), code="password_too_long", params={"max": PASSWORD_MAX})
    validate_password(password, user)
    return password
