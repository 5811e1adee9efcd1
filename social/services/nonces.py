"""What a client sends along so that trying again makes nothing twice."""

from django.utils.translation import gettext as _

from core.errors import ValidationFailed

NONCE_LENGTH = 64


def nonce_check(nonce: str) -> None:
    """Raises `ValidationFailed` for one that is too long or not printable ASCII. "" is none."""
    if len(nonce) > NONCE_LENGTH or not (nonce.isascii() and nonce.isprintable()):
        raise ValidationFailed({"nonce": [_("At most %(limit)s characters.") % {"limit": NONCE_LENGTH}]})


__all__ = ["NONCE_LENGTH", "nonce_check"]
