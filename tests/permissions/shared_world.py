"""One world of the matrix for the tests of a module."""

import copy
import time

from django.db import connection, transaction
from django.test import override_settings

from tests.permissions.world import World


class SharedWorld:
    """A world in a transaction around the tests' own: making it takes longer than most of them do.

    It is made anew after `LASTS` seconds: the application notes once a minute that a session is in use, and a write of
    that kind must not look like one of a refused call.
    """

    LASTS = 20.0

    def __init__(self) -> None:
        self._around: transaction.Atomic | None = None
        self._world: World | None = None
        self._made = 0.0

    @property
    def is_there(self) -> bool:
        """Whether the rows stand in the database now."""
        return self._around is not None

    def copied(self) -> World:
        """Objects of the caller's own over the shared rows; no transaction but this one may be open."""
        if self._world is None or time.monotonic() - self._made > self.LASTS:
            self.end()
            assert not connection.in_atomic_block
            self._around = transaction.atomic()
            self._around._from_testcase = True  # as in Django's TestCase: durable blocks may stand inside it
            self._around.__enter__()
            with override_settings(ROOT_URLCONF="config.urls"):  # a test with addresses of its own may be the first
                self._world, self._made = World(), time.monotonic()
            connection.check_constraints()
        return copy.deepcopy(self._world)

    def end(self) -> None:
        """Roll back what the world is made of."""
        if self._around is not None:
            transaction.set_rollback(True)
            self._around.__exit__(None, None, None)
        self._around = self._world = None
