"""Argon2 with the lowest cost it takes, for tests."""

from accounts.hashers import NormalisingArgon2


class CheapArgon2(NormalisingArgon2):
    """The production algorithm, one pass over 8 KiB."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
