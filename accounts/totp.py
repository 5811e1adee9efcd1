"""One-time codes of authenticator apps: RFC 4226 (HOTP) and RFC 6238 (TOTP: SHA-1, six digits, 30 seconds); pure."""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode

DIGITS = 6
PERIOD = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be ahead or behind


def secret_make() -> str:
    """A new shared secret: 160 random bits in base 32, as apps read it."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def code_at(secret: str, step: int) -> str:
    """The code of one 30-second step (RFC 4226, 5.3)."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def steps_matching(secret: str, code: str, now: float) -> list[int]:
    """The steps around `now` (epoch seconds) whose code this is, oldest first; nearly always none or one."""
    current = int(now // PERIOD)
    steps = range(current - DRIFT, current + DRIFT + 1)
    return [step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), code.encode())]


def provisioning_uri(secret: str, *, account: str, issuer: str) -> str:
    """What the QR code says (the `otpauth` key URI format that every authenticator app reads)."""
    label = quote(f"{issuer}:{account}", safe="")
    fields = {"secret": secret, "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS, "period": PERIOD}
    return f"otpauth://totp/{label}?{urlencode(fields, quote_via=quote)}"
