"""Synchronous calls, above all to the database, from the loop that serves sockets."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection

P = ParamSpec("P")
R = TypeVar("R")


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run it in the one thread that all sockets of the process share, with a database connection that works.

    Channels' `database_sync_to_async` also closes a connection that is within a transaction, which is every test's.
    """

    def call() -> R:
        if not connection.in_atomic_block:
            close_old_connections()
        return function(*args, **kwargs)

    return await sync_to_async(call)()
