"""What a stolen database must not give away (threat 40): sealed secrets, random tokens, and hashes of codes.

Keys are derived from SECRET_KEY, one a purpose. `SECRET_KEY_FALLBACKS` open what an older key sealed.
"""

import base64
import hashlib
import secrets
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing to mistake when reading it aloud
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class SecretUnreadable(Exception):
    """Sealed with a SECRET_KEY that is gone, or not by us."""


@cache
def _box(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(
                    hashlib.blake2b(
                        purpose.encode(), key=hashlib.sha512(key.encode()).digest(), digest_size=32
                    ).digest()
                )
            )
            for key in keys
        ]
    )


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def secret_seal(text: str, *, purpose: str) -> str:
    """Encrypt and authenticate `text`; only `secret_open` with the same purpose reads it again."""
    return _box(purpose, _keys()).encrypt(text.encode()).decode("ascii")


def secret_open(sealed: str, *, purpose: str) -> str:
    """What was sealed; raises `SecretUnreadable`."""
    try:
        return _box(purpose, _keys()).decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError) as error:
        raise SecretUnreadable(purpose) from error


def token_make(prefix: str) -> str:
    """A random token of 256 bits; the prefix (`hrt_`) lets secret scanners recognise a leak."""
    return prefix + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token. A plain digest is enough: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def code_make(length: int = 10) -> str:
    """A random code for people to type: 5 bits a character, in groups of five (`K7QF3-MX9PA`)."""
    found = "".join(secrets.choice(_ALPHABET) for _ in range(length))
    return "-".join(found[at : at + 5] for at in range(0, length, 5))


def code_read(text: str) -> str:
    """What somebody typed as it was meant: any case, with or without hyphens, O for 0 and I or L for 1."""
    return text.strip().upper().translate(_READ_AS)


def code_hash(code: str, *, purpose: str) -> str:
    """What is stored of a short code: keyed, because 50 bits could be guessed from a stolen table."""
    return salted_hmac(f"hiroba.code.{purpose}", code_read(code), algorithm="sha256").hexdigest()
