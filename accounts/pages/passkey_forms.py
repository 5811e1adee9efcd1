"""allauth's passkey forms, proof against answers that no authenticator gives: those are wrong, not faults of ours."""

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

# What fido2 and cryptography raise on made-up answers, besides the ValueError that allauth expects.
_MADE_UP = (
    AssertionError,
    AttributeError,
    InvalidSignature,
    LookupError,
    NotImplementedError,
    TypeError,
    UnsupportedAlgorithm,
    ValueError,
    struct.error,
)


class PasskeyAddForm(webauthn.AddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except _MADE_UP as error:
            raise get_adapter().validation_error("incorrect_code") from error


class _Answer(webauthn.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except _MADE_UP as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeyAuthenticateForm(_Answer):
    """The second step after a password."""


class PasskeyLoginForm(_Answer, webauthn.LoginWebAuthnForm):
    """Signing in by a passkey alone."""


class PasskeyReauthenticateForm(_Answer, webauthn.ReauthenticateWebAuthnForm):
    """Showing once more who one is."""
