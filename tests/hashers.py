"""Argon2 with the lowest cost it takes, for tests."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """The production algorithm, one pass over 8 KiB."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
