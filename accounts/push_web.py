"""Web push (RFC 8030): messages sealed for one browser (RFC 8291), signed as ours (RFC 8292), sent through `core.egress`."""

import base64
import binascii
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.translation import gettext as _
from py_vapid import Vapid02

from core import egress
from core.egress.urls import url_read
from core.errors import ValidationFailed

TTL = 24 * 3600
_SIGNED_FOR = 12 * 3600
ENDPOINT_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser's address: where to send, and its public key and secret, both base64url."""

    endpoint: str
    p256dh: str
    auth: str

    @classmethod
    def of(cls, text: str) -> "Subscription":
        """The one that `text` keeps (see `text`)."""
        return cls(**json.loads(text))

    def text(self) -> str:
        return json.dumps({"endpoint": self.endpoint, "p256dh": self.p256dh, "auth": self.auth})


def push_policy() -> egress.Policy:
    """Only push services, https alone."""
    return egress.Policy(
        hosts=tuple(settings.WEB_PUSH_HOSTS),
        schemes=("https",),
        ports=(443,),
        max_bytes=64 * 1024,
        max_redirects=0,
        total_seconds=15.0,
        rates=(egress.Rate(50, 1.0),),
    )


def subscription_check(*, endpoint: str, p256dh: str, auth: str) -> Subscription:
    """A subscription that can be sent to; raises `ValidationFailed` (unknown push service, keys that are none)."""
    fields: dict[str, list[str]] = {}
    try:
        push_policy().check(url_read(endpoint))
    except egress.EgressRefused:
        fields["subscription.endpoint"] = [_("The https address of a push service of a browser.")]
    if len(endpoint) > ENDPOINT_LENGTH:
        fields["subscription.endpoint"] = [_("At most %(limit)d characters.") % {"limit": ENDPOINT_LENGTH}]
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh))
    except (ValueError, TypeError):
        fields["subscription.keys.p256dh"] = [_("A P-256 public key: 65 bytes in base64url.")]
    try:
        is_secret = len(_bytes(auth)) == 16
    except ValueError:
        is_secret = False
    if not is_secret:
        fields["subscription.keys.auth"] = [_("16 bytes in base64url.")]
    if fields:
        raise ValidationFailed(fields)
    return Subscription(endpoint, p256dh, auth)


def message_send(subscription: Subscription, message: Mapping[str, Any]) -> int:
    """Send `message` as JSON; returns the push service's status (201 taken, 404 and 410: the subscription is over).

    Raises `core.egress.EgressError` for 429, 5xx and everything that happens on the way.
    """
    headers = {
        **_signature(url_read(subscription.endpoint).authority, subscription.endpoint.partition(":")[0].lower()),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL),
        "Urgency": "normal",
    }
    body = message_seal(subscription, json.dumps(message, ensure_ascii=False).encode())
    answer = egress.fetch(subscription.endpoint, policy=push_policy(), method="POST", headers=headers, body=body)
    return answer.status


def message_seal(subscription: Subscription, content: bytes) -> bytes:
    """`content` encrypted so that only this browser reads it."""
    return http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_bytes(subscription.p256dh),
        auth_secret=_bytes(subscription.auth),
        version="aes128gcm",
    )


def public_key() -> str:
    """What browsers subscribe with (`applicationServerKey`): our public key, 65 bytes in base64url."""
    point = _vapid(settings.VAPID_PRIVATE_KEY).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


@lru_cache(maxsize=4)
def _vapid(key: str) -> Vapid02:
    return Vapid02.from_string(key)


def _signature(authority: str, scheme: str) -> dict[str, str]:
    claims = {
        "aud": f"{scheme}://{authority}",
        "sub": settings.VAPID_CONTACT,
        "exp": int(time.time()) + _SIGNED_FOR,
    }
    return _vapid(settings.VAPID_PRIVATE_KEY).sign(claims)


def _bytes(text: str) -> bytes:
    """Base64url with or without padding; raises ValueError."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
