"""What a name, an e-mail address and a password must be; the API's register and the site's sign-up share it."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from accounts.display_text import line_clean, paragraphs_clean
from accounts.hashers import password_normal
from accounts.held_names import name_is_held
from accounts.lookalikes import display_skeletons, mixes_alphabets
from accounts.models import User
from accounts.models.users import username_validator
from accounts.reserved_names import is_reserved_username, reads_like_authority
from accounts.selectors.users import user_by_email, users_looking_like, users_named_like

DISPLAY_NAME_MAX = 50
BIO_MAX = 500
PASSWORD_MAX = 256  # characters; what argon2 gets is bounded
_email_validator = EmailValidator()


def username_clean(username: str, user: User | None = None) -> str:
    """A free name of 3–30 of [A-Za-z0-9_], its case kept; raises ValidationError.

    Refused are reserved names and names that look like somebody else's (`Adm1n`, `rnaria` beside `maria`); `user` is who
    takes it, whose own name is no obstacle.
    """
    username_validator(username)
    if not username.strip("_"):
        raise ValidationError(_("A name needs at least one letter or digit."), code="invalid_username")
    if is_reserved_username(username) or name_is_held(username):
        raise ValidationError(_("This name is reserved."), code="username_reserved")
    others = [row for row in users_named_like(username) if user is None or row.pk != user.pk]
    if any(row.username.lower() == username.lower() for row in others):
        raise ValidationError(_("This name is taken."), code="username_taken")
    if others:
        raise ValidationError(
            _("This name looks too much like another person's. Choose one that differs more."),
            code="username_lookalike",
        )
    return username


def display_name_clean(name: str, user: User) -> str:
    """The name that is shown for `user`, in NFC with single spaces, "" for none; raises ValidationError.

    Any script, at most 50 characters, nothing unseen or turned round, no word of letters of two alphabets that look alike,
    and not what reads like another person's username or like somebody who runs the place.
    """
    name = line_clean(name)
    if len(name) > DISPLAY_NAME_MAX:
        raise ValidationError(_("At most %(max)s characters."), code="too_long", params={"max": DISPLAY_NAME_MAX})
    if not name or name == user.display_name:
        return name
    looks = display_skeletons(name)
    if reads_like_authority(name) and not user.is_staff:
        raise ValidationError(_("This name is reserved."), code="display_name_reserved")
    if users_looking_like(looks).exclude(pk=user.pk).exists():
        raise ValidationError(
            _("This name looks like another person's username. Choose one that differs more."),
            code="display_name_lookalike",
        )
    if mixes_alphabets(name):
        raise ValidationError(
            _("A word has letters of two alphabets that look alike. Use those of one."),
            code="display_name_mixed_alphabets",
        )
    return name


def bio_clean(text: str) -> str:
    """What a person says of themselves: at most 500 characters in a few lines; raises ValidationError."""
    text = paragraphs_clean(text)
    if len(text) > BIO_MAX:
        raise ValidationError(_("At most %(max)s characters."), code="too_long", params={"max": BIO_MAX})
    return text


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
    """At least 8 characters, at most 256, none of the commonest, not the account's own name or address; raises ValidationError.

    Any characters do, and none have to: no rules of composition. The commonest are Django's list (8,354 of 8 characters or
    more, which holds the 3,000 that were asked for). What is compared is the NFKC form in lower case, as it is
    hashed (accounts/hashers.py): full-width `ｐａｓｓｗｏｒｄ` is as common as the other.
    """
    if len(password) > PASSWORD_MAX:
        raise ValidationError(_("At most %(max)s characters."), code="password_too_long", params={"max": PASSWORD_MAX})
    normal = password_normal(password)
    if user is not None and normal.strip().lower() in _own_names(user):
        raise ValidationError(_("Your name or address is no password."), code="password_own_name")
    validate_password(normal, user)
    return password


def _own_names(user: User) -> set[str]:
    email = (user.email or "").lower()
    return {(user.username or "").lower(), email, email.partition("@")[0]} - {""}
