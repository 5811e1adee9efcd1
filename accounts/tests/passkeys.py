"""An authenticator made of software: it answers WebAuthn's questions as a phone does, for tests without a browser."""

import hashlib
import json
import secrets
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.models import User

ORIGIN = "http://localhost"
_PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class SoftPasskey:
    """One passkey on one device; `host` is what it is bound to."""

    def __init__(self, host: str = "localhost") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._host = hashlib.sha256(host.encode()).digest()
        self._id = secrets.token_bytes(16)
        self._user_handle = ""

    def create(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        """The answer to a question to make it, as the page sends it."""
        public = options["publicKey"]
        self._user_handle = public["user"]["id"]
        data = AttestedCredentialData.create(
            Aaguid(bytes(16)), self._id, ES256.from_cryptography_key(self._key.public_key())
        )
        flags = _PRESENT_AND_VERIFIED | AuthenticatorData.FLAG.AT
        made = AttestationObject.create("none", AuthenticatorData.create(self._host, flags, 0, data), {})
        answer = {
            "clientDataJSON": _client_data("webauthn.create", public["challenge"], origin),
            "attestationObject": websafe_encode(made),
            "transports": ["internal"],
        }
        return self._credential(answer, {"credProps": {"rk": True}})

    def get(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        """The answer to a question to sign in, as the page sends it."""
        client_data = _client_data("webauthn.get", options["publicKey"]["challenge"], origin)
        seen = AuthenticatorData.create(self._host, _PRESENT_AND_VERIFIED, 1)
        signed = bytes(seen) + hashlib.sha256(websafe_decode(client_data)).digest()
        answer = {
            "clientDataJSON": client_data,
            "authenticatorData": websafe_encode(seen),
            "signature": websafe_encode(self._key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": self._user_handle,
        }
        return self._credential(answer, {})

    def _credential(self, response: dict[str, Any], extensions: dict[str, Any]) -> str:
        name = websafe_encode(self._id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "authenticatorAttachment": "platform",
                "clientExtensionResults": extensions,
                "response": response,
            }
        )


def _client_data(kind: str, challenge: str, origin: str) -> str:
    return websafe_encode(json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode())


def passkey_of(user: User, name: str = "Laptop") -> tuple[SoftPasskey, Authenticator]:
    """A passkey that `user` has, without the ceremony that made it."""
    key = SoftPasskey()
    handle = websafe_encode(user_pk_to_url_str(user).encode())
    question = {"publicKey": {"user": {"id": handle}, "challenge": websafe_encode(b"0" * 32)}}
    data = {"name": name, "credential": json.loads(key.create(question))}
    return key, Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
