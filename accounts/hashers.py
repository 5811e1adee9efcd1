"""How passwords are hashed: argon2id with the cost OWASP recommends, bounded in memory, the same for every way to type them."""

import unicodedata

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from core.gate import Gate

# Hashing takes a core by design; more at once than cores would only take turns. Who would wait long is asked to come back.
HASHED_AT_ONCE: int = settings.CORES
_gate = Gate(at_once=HASHED_AT_ONCE, waiting=32 * HASHED_AT_ONCE, seconds=5)


def password_normal(password: str) -> str:
    """NFKC, as NIST SP 800-63B advises: a letter with an accent is the same whether a keyboard sends one character or two."""
    return unicodedata.normalize("NFKC", password)


class NormalisingArgon2(Argon2PasswordHasher):
    """Argon2id of the normalised password; hashes of before, of passwords as they were typed, stay good.

    Both raise `ServiceUnavailable` when too many wait to be hashed. Call them outside of transactions: waiting in one
    would keep its locks (on SQLite everybody's).
    """

    def encode(self, password: str, salt: str) -> str:
        with _gate.turn():
            return super().encode(password_normal(password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        normal = password_normal(password)
        with _gate.turn():
            return super().verify(normal, encoded) or (normal != password and super().verify(password, encoded))


class Argon2id(NormalisingArgon2):
    """19 MiB, two passes, one lane. Django's default of 100 MiB would let a burst of sign-ins exhaust a small server."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
