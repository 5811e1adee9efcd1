"""How passwords are hashed: argon2id with the cost OWASP recommends, bounded in memory."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """19 MiB, two passes, one lane. Django's default of 100 MiB would let a burst of sign-ins exhaust a small server."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
